// Gains that near the cap (clamp.h) are bent towards it instead of cut: highlights keep their
// order.
#pragma once

#include "gainmap/gain.h"

namespace hdrp {

/// Gains up to here stay as they are: four fifths of the cap.
inline constexpr float kHighlightKneeStops = 2.8F;

/// g' = k + (c - k) (1 - exp(-(g - k) / (c - k))) above the knee k, with the cap c: slope 1 at the
/// knee, never above the cap, monotone.
[[nodiscard]] Log2Gain CapHighlights(Log2Gain gain);

}  // namespace hdrp
