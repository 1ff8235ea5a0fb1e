// Values that are known in places only, continued smoothly over the rest.
#pragma once

#include "base/plane.h"

namespace hdrp {

/// `values` (any channels) where `known` (one channel, 0..1) is 1; elsewhere a smooth continuation,
/// in between a mixture. Pull-push: what is unknown comes from ever coarser averages of what is
/// known. 0 where nothing is known anywhere.
[[nodiscard]] Plane<float> Spread(PlaneView<const float> values, PlaneView<const float> known);

}  // namespace hdrp
