// How far a map lifts the picture as a whole.
#pragma once

#include "gainmap/gain.h"

namespace hdrp {

/// The gain scaled down by one factor where its mean exceeds `max_mean_stops`; otherwise unchanged.
[[nodiscard]] Log2Gain LimitMeanGain(Log2Gain gain, double max_mean_stops);

}  // namespace hdrp
