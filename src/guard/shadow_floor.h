// Blacks stay black: a gain there lifts noise, and no camera puts one there.
#pragma once

#include "gainmap/gain.h"

namespace hdrp {

inline constexpr float kNoGainBelowLuma = 0.05F;  ///< coded, 0..1
inline constexpr float kFullGainFromLuma = 0.10F;

/// The gain times SmoothRamp(kNoGainBelowLuma, kFullGainFromLuma, luma). A darkening stays: the
/// clamp takes it. `coded_luma` is of the gain's size, 0..1.
[[nodiscard]] Log2Gain FloorShadows(Log2Gain gain, PlaneView<const float> coded_luma);

}  // namespace hdrp
