// How an edit lies in its original: a projective map, and what a lens correction adds to it.
#pragma once

#include <algorithm>

#include "align/homography.h"

namespace hdrp {

/// Normalised displayed coordinates of an edit to its reference's: the homography, then a radial
/// bend about the reference's middle, as lens corrections bend (one term: r + radial * r^3, r = 1
/// at the reference's corners).
struct FramingMap {
  Homography projective = kSameFraming;
  double radial = 0;
  double aspect =
      1;  ///< the reference's width : height, as displayed; without a bend of no account

  FramingMap() = default;
  FramingMap(const Homography& h) : projective(h) {}  // NOLINT(google-explicit-constructor)
  FramingMap(const Homography& h, double bend, double width_to_height)
      : projective(h), radial(bend), aspect(width_to_height) {}
  friend bool operator==(const FramingMap&, const FramingMap&) = default;
};

/// A normalised point of the reference, bent.
[[nodiscard]] inline Point Bent(Point p, double radial, double aspect) {
  const double x = (p.x - 0.5) * aspect, y = p.y - 0.5;
  // Far outside nothing is left to be bent, and the cubic would fold back.
  constexpr double kFarthest = 4;
  const double square = std::min(kFarthest, 4 * (x * x + y * y) / (aspect * aspect + 1));
  const double factor = 1 + radial * square;
  return {0.5 + (p.x - 0.5) * factor, 0.5 + (p.y - 0.5) * factor};
}

[[nodiscard]] inline Point Apply(const FramingMap& map, Point p) {
  const Point q = Apply(map.projective, p);
  return map.radial == 0 ? q : Bent(q, map.radial, map.aspect);
}

}  // namespace hdrp
