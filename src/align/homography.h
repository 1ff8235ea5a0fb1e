// A projective map of the plane, in normalised displayed coordinates: 0..1 of a picture's width and
// of its height, (0, 0) the outer corner of the first pixel.
#pragma once

#include <array>

#include "base/orientation.h"

namespace hdrp {

struct Point {
  double x = 0, y = 0;
};

/// Row-major 3 x 3, its last element 1.
using Homography = std::array<double, 9>;

inline constexpr Homography kSameFraming = {1, 0, 0, 0, 1, 0, 0, 0, 1};

[[nodiscard]] constexpr Point Apply(const Homography& h, Point p) {
  const double w = h[6] * p.x + h[7] * p.y + h[8];
  return {(h[0] * p.x + h[1] * p.y + h[2]) / w, (h[3] * p.x + h[4] * p.y + h[5]) / w};
}

/// A point of the stored raster as the point of the displayed one, and back (normalised both).
[[nodiscard]] constexpr Point Displayed(Point stored, Orientation orientation) {
  const OrientationSteps steps = StepsOf(orientation);
  Point p = steps.transpose ? Point{stored.y, stored.x} : stored;
  if (steps.flip_x) p.x = 1 - p.x;
  if (steps.flip_y) p.y = 1 - p.y;
  return p;
}
[[nodiscard]] constexpr Point Stored(Point displayed, Orientation orientation) {
  return Displayed(displayed, Inverse(orientation));
}

}  // namespace hdrp
