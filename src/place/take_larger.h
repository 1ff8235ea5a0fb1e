// Two masks as one.
#pragma once

#include <algorithm>

#include "base/plane.h"

namespace hdrp {

/// Of each place the larger of both, into `mask`. The same size.
template <typename Code>
void TakeLarger(Plane<Code>& mask, const Plane<Code>& other) {
  for (int y = 0; y < mask.height(); ++y) {
    std::ranges::transform(mask.view().RowSpan(y), other.view().RowSpan(y), mask.Row(y),
                           [](Code a, Code b) { return std::max(a, b); });
  }
}

}  // namespace hdrp
