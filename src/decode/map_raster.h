// Coded samples of gain maps and small pictures as 8-bit planes: depth, range, reducing.
#pragma once

#include <cstdint>
#include <vector>

#include "base/orientation.h"
#include "base/plane.h"

namespace hdrp {

/// Samples as a codec gives them.
struct SampleCoding {
  int bits = 8;                    ///< 1 to 16; above 8 a sample takes two bytes, native order
  bool has_limited_range = false;  ///< luma of ITU-R BT.601's and H.273's narrow range
};

/// 8-bit full-range codes of all codes of this coding, rounded to the nearest.
[[nodiscard]] std::vector<std::uint8_t> EightBitCodes(SampleCoding coding);

/// Rows of samples, `row_bytes` apart.
struct SampleRows {
  const std::uint8_t* data = nullptr;
  std::size_t row_bytes = 0;
  int width = 0, height = 0;
  int channels = 1;  ///< interleaved
};
[[nodiscard]] Plane<std::uint8_t> EightBitPlane(const SampleRows& rows, SampleCoding coding);

/// Luma of RGB codes with the weights of BT.709: near enough for looking at structure.
[[nodiscard]] Plane<std::uint8_t> LumaOfRgb(PlaneView<const std::uint8_t> rgb);

/// One channel, averaged down to `long_side` pixels on the longer side; not changed where it has no
/// more. The borders of the averaged boxes are rounded to whole pixels.
[[nodiscard]] Plane<std::uint8_t> BoxReduced(Plane<std::uint8_t> plane, int long_side);

/// Beyond this a small luma (decode/gain_map_file.h) is reduced, unless more is asked for.
inline constexpr int kSmallLumaSide = 512;

}  // namespace hdrp
