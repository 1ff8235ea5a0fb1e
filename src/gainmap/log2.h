// log2 of positive normal floats, from single operations that every processor rounds alike, like
// Exp2Scalar in exp2.h: the kernels of all targets and the scalar twin give the same bits.
//
// x = 2^n m with m in [sqrt(1/2), sqrt(2)): log2 x = n + (2 / ln 2) atanh(s), s = (m - 1) / (m +
// 1), by atanh's series to the 9th power: |s| <= 0.1716 leaves a remainder below 1e-9.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <numbers>

namespace hdrp {

/// The bits of sqrt(1/2): subtracting them splits exponent and mantissa at sqrt(2).
inline constexpr std::uint32_t kLog2SplitBits = 0x3F3504F3;
inline constexpr std::uint32_t kLog2MantissaBits = 0x007FFFFF;

/// 2 / ((2k + 1) ln 2)
inline constexpr std::array<float, 5> kLog2Series = [] {
  std::array<float, 5> coefficients{};
  for (std::size_t k = 0; k < coefficients.size(); ++k) {
    coefficients[k] = static_cast<float>(2 / (static_cast<double>(2 * k + 1) * std::numbers::ln2));
  }
  return coefficients;
}();

[[nodiscard]] inline float Log2Scalar(float x) {
  const std::uint32_t shifted = std::bit_cast<std::uint32_t>(x) - kLog2SplitBits;
  const auto exponent = static_cast<float>(static_cast<std::int32_t>(shifted) >> 23);
  const float m = std::bit_cast<float>((shifted & kLog2MantissaBits) + kLog2SplitBits);
  const float s = (m - 1.0F) / (m + 1.0F);
  const float square = s * s;
  float sum = kLog2Series[4];
  for (std::size_t k = 4; k-- > 0;) sum = sum * square + kLog2Series[k];
  return exponent + sum * s;
}

}  // namespace hdrp
