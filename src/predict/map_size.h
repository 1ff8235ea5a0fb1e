// The size of a predicted map.
#pragma once

#include <cmath>

#include "base/aspect.h"

namespace hdrp {

/// A quarter of the base per axis, or a half or the whole of it where rounding a small side would
/// change the aspect by more than 0.5 %.
[[nodiscard]] inline RasterSize PredictedMapSize(RasterSize base) {
  for (const int scale : {4, 2}) {
    const RasterSize size{(base.width + scale - 1) / scale, (base.height + scale - 1) / scale};
    const double aspect = static_cast<double>(base.width) / base.height;
    const double map_aspect = static_cast<double>(size.width) / size.height;
    if (std::abs(map_aspect / aspect - 1) <= 0.005) return size;
  }
  return base;
}

}  // namespace hdrp
