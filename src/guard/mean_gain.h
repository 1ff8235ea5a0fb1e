// A predicted map must not lift the picture as a whole: a page of text is white, not a highlight.
#pragma once

#include "gainmap/gain.h"

namespace hdrp {

inline constexpr double kMaxMeanGainStops = 1.2;

/// The gain scaled down by one factor where its mean exceeds `max_mean_stops`; otherwise unchanged.
[[nodiscard]] Log2Gain LimitMeanGain(Log2Gain gain, double max_mean_stops);

}  // namespace hdrp
