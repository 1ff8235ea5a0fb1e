// A smooth field of small shifts, through shifts that were seen at places.
#pragma once

#include <array>
#include <vector>

#include "align/homography.h"

namespace hdrp {

/// That something at `at` moved by `shift` along `direction` (a unit vector); across it nothing is
/// known, as along an edge.
struct SeenShift {
  Point at;  ///< from the picture's middle, in half long sides
  Point direction;
  double shift = 0;  ///< px
  double weight = 1;
};

/// What crops, turns, scaling, stretching, tilting and lens corrections do to first order: affine,
/// two terms of perspective, one radial; px.
class ShiftField {
 public:
  static constexpr std::size_t kTerms = 9;
  [[nodiscard]] Point At(Point place) const;

  std::array<double, kTerms> terms{};
};

struct FittedShifts {
  ShiftField field;
  double sigma = 0;  ///< robust deviation of what was seen from it, px

  /// Standard error of the field's length at a place, px.
  [[nodiscard]] double ErrorAt(Point place) const;
  std::array<std::array<double, ShiftField::kTerms>, ShiftField::kTerms> root{};  ///< Cholesky's
};

/// Robust least squares; what places do not say stays 0.
[[nodiscard]] FittedShifts FitShifts(const std::vector<SeenShift>& seen);

}  // namespace hdrp
