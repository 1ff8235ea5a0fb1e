// Can two rasters show the same framing, apart from scale?
#pragma once

#include <algorithm>
#include <cmath>

#include "base/orientation.h"

namespace hdrp {

/// How far two aspect ratios may lie apart, beyond what rounding to whole pixels explains.
inline constexpr double kMaxAspectDifference = 0.01;

struct RasterSize {
  int width = 0;  ///< pixels, both sides above 0
  int height = 0;
};

struct Raster {
  int width = 0;  ///< stored pixels
  int height = 0;
  Orientation orientation = Orientation::kTopLeft;
};

/// Both sides times `scale`, rounded, at least 1.
[[nodiscard]] inline RasterSize Scaled(RasterSize size, double scale) {
  const auto side = [scale](int pixels) {
    return std::max(1, static_cast<int>(std::lround(pixels * scale)));
  };
  return {side(size.width), side(size.height)};
}

/// True where the aspect ratios agree within kMaxAspectDifference, plus one pixel of the shortest
/// side (sizes are rounded, and small ones coarsely).
[[nodiscard]] inline bool SameAspect(RasterSize a, RasterSize b) {
  const double ratio = static_cast<double>(a.width) * b.height / a.height / b.width;
  const double rounding = 1.0 / std::min({a.width, a.height, b.width, b.height});
  return std::max(ratio, 1 / ratio) - 1 <= kMaxAspectDifference + rounding;
}

}  // namespace hdrp
