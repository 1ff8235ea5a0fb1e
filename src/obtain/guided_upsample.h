// A coarse gain made finer along the edges of the picture it belongs to.
#pragma once

#include "base/plane.h"

namespace hdrp {

/// Window radius in coarse pixels, and the variance of the guide (coded luma) below which a window
/// counts as flat.
inline constexpr int kGuidedRadius = 2;
inline constexpr double kGuidedFlatVariance = 4e-4;

/// `gain` (one channel) at `fine_guide`'s size. Both guides are the same coded luma in 0..1, the coarse one of
/// the gain's size. Fast guided filter: within a window gain = a * guide + b by least squares, a and b are
/// averaged, enlarged bilinearly and applied to the fine guide (He & Sun 2015, "Fast Guided Filter",
/// eq. 3 to 6). The result stays within the least and the greatest coarse gain nearby (window of one
/// pixel, enlarged likewise), so that nothing overshoots and a constant stays constant.
[[nodiscard]] Plane<float> GuidedUpsampled(PlaneView<const float> gain,
                                           PlaneView<const float> coarse_guide,
                                           PlaneView<const float> fine_guide);

}  // namespace hdrp
