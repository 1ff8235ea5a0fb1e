// 3 x 3 matrices between linear RGB spaces. Source of the derivation: SMPTE RP 177; of the change
// of white: ICC.1:2022, annex E (linear Bradford).
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "color/color_spec.h"

namespace hdrp {

using Matrix = std::array<std::array<double, 3>, 3>;
using Xyz = std::array<double, 3>;

/// ICC.1:2022, 7.2.16: the profile connection space's white.
inline constexpr Xyz kD50 = {0.9642, 1.0, 0.8249};
/// IEC 61966-2-1's white as XYZ: the one photographs' profiles are made for.
inline constexpr Xyz kD65 = {0.95047, 1.0, 1.08883};

/// Not finite where `m` has no inverse.
[[nodiscard]] inline Matrix Inverted(const Matrix& m) {
  const auto cofactor = [&m](std::size_t r, std::size_t c) {
    const std::size_t r1 = (r + 1) % 3;
    const std::size_t r2 = (r + 2) % 3;
    const std::size_t c1 = (c + 1) % 3;
    const std::size_t c2 = (c + 2) % 3;
    return m[r1][c1] * m[r2][c2] - m[r1][c2] * m[r2][c1];
  };
  const double determinant =
      m[0][0] * cofactor(0, 0) + m[0][1] * cofactor(0, 1) + m[0][2] * cofactor(0, 2);
  Matrix result{};
  for (std::size_t r = 0; r < 3; ++r) {
    for (std::size_t c = 0; c < 3; ++c) result[c][r] = cofactor(r, c) / determinant;
  }
  return result;
}

[[nodiscard]] inline Xyz Multiplied(const Matrix& m, const Xyz& v) {
  Xyz result{};
  for (std::size_t r = 0; r < 3; ++r) result[r] = m[r][0] * v[0] + m[r][1] * v[1] + m[r][2] * v[2];
  return result;
}

/// First `b`, then `a`.
[[nodiscard]] inline Matrix Multiplied(const Matrix& a, const Matrix& b) {
  Matrix result{};
  for (std::size_t r = 0; r < 3; ++r) {
    for (std::size_t c = 0; c < 3; ++c) {
      result[r][c] = a[r][0] * b[0][c] + a[r][1] * b[1][c] + a[r][2] * b[2][c];
    }
  }
  return result;
}

[[nodiscard]] inline bool IsFinite(const Matrix& m) {
  return std::ranges::all_of(m, [](const auto& row) {
    return std::ranges::all_of(row, [](double v) { return std::isfinite(v); });
  });
}

/// XYZ at luminance 1 of an xy.
[[nodiscard]] inline Xyz XyzOf(const std::array<double, 2>& xy) {
  return {xy[0] / xy[1], 1, (1 - xy[0] - xy[1]) / xy[1]};
}

[[nodiscard]] inline std::array<double, 2> XyFrom(const Xyz& xyz) {
  const double sum = xyz[0] + xyz[1] + xyz[2];
  return {xyz[0] / sum, xyz[1] / sum};
}

/// Turns XYZ seen under the white `from` into the XYZ that looks the same under `to` (Bradford).
[[nodiscard]] inline Matrix Adaptation(const Xyz& from, const Xyz& to) {
  constexpr Matrix kBradford = {
      {{0.8951, 0.2664, -0.1614}, {-0.7502, 1.7135, 0.0367}, {0.0389, -0.0685, 1.0296}}};
  const Xyz cone_from = Multiplied(kBradford, from);
  const Xyz cone_to = Multiplied(kBradford, to);
  Matrix scaled = kBradford;
  for (std::size_t r = 0; r < 3; ++r) {
    for (double& v : scaled[r]) v *= cone_to[r] / cone_from[r];
  }
  return Multiplied(Inverted(kBradford), scaled);
}

/// XYZ of linear RGB; (1, 1, 1) is the space's own white at luminance 1. The second row holds the
/// weights of luminance. Not finite for primaries on one line.
[[nodiscard]] inline Matrix XyzFromRgb(const Chromaticities& space) {
  // A primary's xyz instead of its XYZ: a blue with y = 0 is no special case then.
  const auto column = [](const std::array<double, 2>& xy) -> Xyz {
    return {xy[0], xy[1], 1 - xy[0] - xy[1]};
  };
  const std::array<Xyz, 3> primaries = {column(space.red), column(space.green), column(space.blue)};
  Matrix m{};
  for (std::size_t r = 0; r < 3; ++r) {
    for (std::size_t c = 0; c < 3; ++c) m[r][c] = primaries[c][r];
  }
  const Xyz scale = Multiplied(Inverted(m), XyzOf(space.white));
  for (auto& row : m) {
    for (std::size_t c = 0; c < 3; ++c) row[c] *= scale[c];
  }
  return m;
}

/// Linear RGB of one space as linear RGB of another; white becomes white. Not finite for primaries
/// on one line.
[[nodiscard]] inline Matrix RgbFromRgb(const Chromaticities& from, const Chromaticities& to) {
  Matrix xyz = XyzFromRgb(from);
  if (from.white != to.white) {
    xyz = Multiplied(Adaptation(XyzOf(from.white), XyzOf(to.white)), xyz);
  }
  return Multiplied(Inverted(XyzFromRgb(to)), xyz);
}

}  // namespace hdrp
