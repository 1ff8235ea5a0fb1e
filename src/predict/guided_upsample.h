// A coarse gain made finer along the edges of the picture it belongs to.
#pragma once

#include "base/plane.h"
#include "gainmap/guided_filter.h"

namespace hdrp {

/// A window whose coded luma varies by less than 0.02 counts as flat.
inline constexpr GuidedFilterOptions kGainAlongLuma{.radius = 2, .epsilon = 4e-4};

/// `gain` (one channel) at `fine_guide`'s size, by the fast guided filter. Both guides are the same
/// coded luma in 0..1, the coarse one of the gain's size. The result stays within the least and the
/// greatest coarse gain nearby (of a pixel and its neighbours, enlarged bilinearly), so that
/// nothing overshoots and a constant stays constant.
[[nodiscard]] Plane<float> GuidedUpsampled(PlaneView<const float> gain,
                                           PlaneView<const float> coarse_guide,
                                           PlaneView<const float> fine_guide);

}  // namespace hdrp
