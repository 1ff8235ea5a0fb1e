// Rows of half floats (IEEE 754 binary16), what HDR pictures are stored and handed over as. Highway
// kernel with a scalar twin; both give the same bits on every target.
#pragma once

#include <cstdint>
#include <span>

namespace hdrp {

inline constexpr float kLargestHalf = 65504;

/// Nearest half, ties to even; beyond +-kLargestHalf (and for NaN) that one, so that no reader
/// meets an infinity. Both spans have the same size.
void HalfFromFloatRow(std::span<const float> values, std::span<std::uint16_t> halves);
void HalfFromFloatRowScalar(std::span<const float> values, std::span<std::uint16_t> halves);

}  // namespace hdrp
