// A predicted gain that takes the place of a reference's in some region, as the reference would
// have it.
#pragma once

#include "base/plane.h"

namespace hdrp {

/// `predicted` (stops, one channel) in the channels of `gain`: with the slope and the level that
/// the reference's gain has over the predicted one nearby, and moved so that both meet at the
/// border. `mask`: 0 where `gain` holds. The slope is 0 to 1: a predictor that sees more contrast
/// than the reference is calmed, and never heightened. All of one size.
[[nodiscard]] Plane<float> FittedTo(const Plane<float>& gain, const Plane<float>& predicted,
                                    const Plane<float>& mask);

}  // namespace hdrp
