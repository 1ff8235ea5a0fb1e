#include "decode/map_raster.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace hdrp {

std::vector<std::uint8_t> EightBitCodes(SampleCoding coding) {
  const double unit = std::exp2(coding.bits - 8);
  const double black = coding.has_limited_range ? 16 * unit : 0;
  const double white = coding.has_limited_range ? 235 * unit : std::exp2(coding.bits) - 1;
  std::vector<std::uint8_t> codes(std::size_t{1} << static_cast<unsigned>(coding.bits));
  for (std::size_t code = 0; code < codes.size(); ++code) {
    const double share = (static_cast<double>(code) - black) / (white - black);
    codes[code] = static_cast<std::uint8_t>(std::floor(255 * std::clamp(share, 0.0, 1.0) + 0.5));
  }
  return codes;
}

Plane<std::uint8_t> EightBitPlane(const SampleRows& rows, SampleCoding coding) {
  const std::vector<std::uint8_t> codes = EightBitCodes(coding);
  Plane<std::uint8_t> plane(rows.width, rows.height, rows.channels);
  for (int y = 0; y < rows.height; ++y) {
    const std::uint8_t* in = rows.data + static_cast<std::size_t>(y) * rows.row_bytes;
    for (std::uint8_t& out : plane.view().RowSpan(y)) {
      std::uint16_t code = *in;
      if (coding.bits > 8) {
        std::memcpy(&code, in, sizeof(code));
        in += sizeof(code);
      } else {
        ++in;
      }
      out = codes[std::min<std::size_t>(code, codes.size() - 1)];
    }
  }
  return plane;
}

Plane<std::uint8_t> LumaOfRgb(PlaneView<const std::uint8_t> rgb) {
  Plane<std::uint8_t> luma(rgb.width, rgb.height);
  for (int y = 0; y < rgb.height; ++y) {
    for (int x = 0; x < rgb.width; ++x) {
      // 0.2126, 0.7152, 0.0722 (BT.709, item 3.2) in 65536ths.
      const unsigned sum =
          13933U * rgb.At(x, y, 0) + 46871U * rgb.At(x, y, 1) + 4732U * rgb.At(x, y, 2) + 32768U;
      luma.view().At(x, y) = static_cast<std::uint8_t>(sum >> 16U);
    }
  }
  return luma;
}

Plane<std::uint8_t> BoxReduced(Plane<std::uint8_t> plane, int long_side) {
  const int longest = std::max(plane.width(), plane.height());
  if (longest <= long_side) return plane;
  const auto reduced = [&](int side) {
    return std::max(1,
                    static_cast<int>(std::lround(static_cast<double>(side) * long_side / longest)));
  };
  const int width = reduced(plane.width());
  const int height = reduced(plane.height());
  const auto border = [](int at, int side, int count) {
    return static_cast<int>(std::int64_t{at} * side / count);
  };
  Plane<std::uint8_t> small(width, height);
  for (int y = 0; y < height; ++y) {
    const int top = border(y, plane.height(), height);
    const int bottom = border(y + 1, plane.height(), height);
    for (int x = 0; x < width; ++x) {
      const int left = border(x, plane.width(), width);
      const int right = border(x + 1, plane.width(), width);
      std::uint64_t sum = 0;
      for (int v = top; v < bottom; ++v) {
        for (int u = left; u < right; ++u) sum += plane.view().At(u, v);
      }
      const auto count =
          static_cast<std::uint64_t>(bottom - top) * static_cast<std::uint64_t>(right - left);
      small.view().At(x, y) = static_cast<std::uint8_t>((sum + count / 2) / count);
    }
  }
  return small;
}

}  // namespace hdrp
