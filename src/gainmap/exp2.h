// 2^x for gains in stops, from single operations that every processor rounds alike (no fused
// multiply-add), so that the kernels of all targets and the scalar twin give the same bits.
//
// x is clamped to -126..127, where the result is a normal float. With n = round(x) and f = x - n:
// 2^x = 2^n * e^(f ln 2), by the Taylor series to the 7th power: |f| <= 1/2 leaves a remainder
// below (ln(2)/2)^8 / 8! = 5.2e-9, less than a tenth of a float's last bit.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <numbers>

namespace hdrp {

inline constexpr float kExp2Least = -126;
inline constexpr float kExp2Most = 127;

/// 1.5 * 2^23: a float of this size has no bits for a fraction. Adding it rounds x to the nearest
/// integer, which the low bits of the sum then hold.
inline constexpr float kExp2Rounder = 12582912;

/// ln(2)^k / k!
inline constexpr std::array<float, 8> kExp2Taylor = [] {
  std::array<float, 8> coefficients{};
  double term = 1;
  for (std::size_t k = 0; k < coefficients.size(); ++k) {
    coefficients[k] = static_cast<float>(term);
    term *= std::numbers::ln2 / static_cast<double>(k + 1);
  }
  return coefficients;
}();

[[nodiscard]] inline float Exp2Scalar(float x) {
  x = x > kExp2Least ? x : kExp2Least;  // NaN becomes the least
  x = x < kExp2Most ? x : kExp2Most;
  const float shifted = x + kExp2Rounder;
  const float fraction = x - (shifted - kExp2Rounder);
  float sum = kExp2Taylor[7];
  for (std::size_t k = 7; k-- > 0;) sum = sum * fraction + kExp2Taylor[k];
  // The rounder's own bits leave at the top; what is left is n in the exponent's place.
  const std::uint32_t power =
      (std::bit_cast<std::uint32_t>(shifted) << 23) + std::bit_cast<std::uint32_t>(1.0F);
  return sum * std::bit_cast<float>(power);
}

}  // namespace hdrp
