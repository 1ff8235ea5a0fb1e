#include "decode/tiff/samples.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "gainmap/half.h"

namespace hdrp {
namespace {

/// A float of 24 bits (Adobe's TIFF Technical Note 3): sign, 7 bits of exponent, 16 of fraction.
[[nodiscard]] float FloatFrom24(std::uint32_t bits) {
  constexpr int kBias = 63;
  constexpr int kFractionBits = 16;
  const auto fraction = static_cast<float>(bits & 0xFFFF);
  const int exponent = static_cast<int>((bits >> kFractionBits) & 0x7F);
  const float sign = (bits & 0x800000) != 0 ? -1.0F : 1.0F;
  if (exponent == 0x7F) return sign * (fraction == 0 ? INFINITY : NAN);
  if (exponent == 0) return sign * std::ldexp(fraction, 1 - kBias - kFractionBits);
  return sign * std::ldexp(fraction + 0x10000, exponent - kBias - kFractionBits);
}

}  // namespace

void TiffSamples(std::span<const std::uint8_t> row, const TiffLayout& layout,
                 std::span<float> samples) {
  static_assert(std::endian::native == std::endian::little);
  ByteReader reader(row, ByteOrder::kLittleEndian);
  const auto largest = static_cast<float>((1 << std::min(layout.bits, 16)) - 1);
  const float unit = layout.palette.empty() ? largest : 1;
  switch (layout.bits) {
    case 8:
      for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = row[i] / unit;
      return;
    case 16:
      for (float& sample : samples) {
        const std::uint16_t code = reader.U16().value_or(0);
        sample = layout.is_float ? FloatFromHalf(code) : code / unit;
      }
      return;
    case 24:
      for (float& sample : samples) {
        const std::uint32_t low = reader.U16().value_or(0);
        const std::uint32_t high = reader.U8().value_or(0);
        sample = FloatFrom24(high << 16 | low);
      }
      return;
    case 32:
      std::memcpy(samples.data(), row.data(), samples.size_bytes());
      return;
    default: {  // 1, 2, 4 bits, the first pixel in the upper bits; rows start at whole bytes
      const auto bits = static_cast<std::size_t>(layout.bits);
      for (std::size_t i = 0; i < samples.size(); ++i) {
        const std::size_t at = i * bits;
        const unsigned byte = row[at / 8];
        const unsigned code = (byte >> (8 - bits - at % 8)) & ((1U << bits) - 1);
        samples[i] = static_cast<float>(code) / unit;
      }
      return;
    }
  }
}

}  // namespace hdrp
