// Rows of half floats (IEEE 754 binary16), what HDR pictures are stored and handed over as. Highway
// kernel with a scalar twin; both give the same bits on every target.
#pragma once

#include <bit>
#include <cstdint>
#include <span>

namespace hdrp {

inline constexpr float kLargestHalf = 65504;

/// Nearest half, ties to even; beyond +-kLargestHalf (and for NaN) that one, so that no reader
/// meets an infinity. Both spans have the same size.
void HalfFromFloatRow(std::span<const float> values, std::span<std::uint16_t> halves);
void HalfFromFloatRowScalar(std::span<const float> values, std::span<std::uint16_t> halves);

inline constexpr std::uint16_t kHalfNan = 0x7E00;

/// Exact; without branches, so that loops over it become vectors. A half's exponent is moved to a
/// float's place and scaled by 2^(127 - 15), which is right for subnormals, too.
[[nodiscard]] constexpr float FloatFromHalf(std::uint16_t half) {
  constexpr float kRebias = 0x1p112F;
  const std::uint32_t magnitude = half & 0x7FFFU;
  const std::uint32_t finite =
      std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude << 13U) * kRebias);
  const std::uint32_t special = 0x7F800000U | (magnitude << 13U);
  const std::uint32_t sign = (half & 0x8000U) << 16U;
  return std::bit_cast<float>((magnitude < 0x7C00U ? finite : special) | sign);
}

}  // namespace hdrp
