// The gain smoothed within the picture's areas, not across their edges. Opt-in: a learned map that
// is blurred loses more than it wins.
#pragma once

#include "gainmap/gain.h"

namespace hdrp {

/// The radius as a share of the map's long side (8 samples of a map of 1000), at least 2.
inline constexpr double kSmoothingRadiusShare = 1.0 / 128;
/// Of the guide's variance: steps of coded luma well above 0.05 keep the gain's edge.
inline constexpr double kSmoothingEpsilon = 0.05 * 0.05;

/// Guided filter (gainmap/guided_filter.h) of the gain along `coded_luma` (0..1, the gain's size);
/// nowhere beyond the gain's own range. `gain` is finite.
[[nodiscard]] Log2Gain SmoothAlongLuma(Log2Gain gain, PlaneView<const float> coded_luma);

}  // namespace hdrp
