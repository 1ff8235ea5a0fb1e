#include "package/ycc_planes.h"

#include <algorithm>
#include <array>
#include <cassert>

namespace hdrp {
namespace {

constexpr int kBits = 16;
constexpr int kHalf = 1 << (kBits - 1);
constexpr int kNeutral = 128;
using Weights = std::array<int, 3>;  // of R, G, B; in 1 / 2^kBits
// Each row sums to exactly 1 or 0, so that greys stay grey.
constexpr Weights kLuma = {19595, 38470, 7471};     // 0.299, 0.587, 0.114
constexpr Weights kBlue = {-11058, -21710, 32768};  // -0.168736, -0.331264, 0.5
constexpr Weights kRed = {32768, -27439, -5329};    // 0.5, -0.418688, -0.081312
static_assert(kLuma[0] + kLuma[1] + kLuma[2] == 1 << kBits);
static_assert(kBlue[0] + kBlue[1] + kBlue[2] == 0 && kRed[0] + kRed[1] + kRed[2] == 0);

int Weighted(const Weights& weights, const std::array<int, 3>& rgb) {
  return weights[0] * rgb[0] + weights[1] * rgb[1] + weights[2] * rgb[2];
}

/// `sum` of `count` pixels' weighted chroma as a code; `count` is 1, 2 or 4.
std::uint8_t ChromaCode(int sum, int count) {
  const int divisor = count << kBits;
  const int shifted = sum + kNeutral * divisor + divisor / 2;  // never negative: >= 0.5 * divisor
  return static_cast<std::uint8_t>(std::min(shifted / divisor, 255));
}

std::array<int, 3> PixelAt(PlaneView<const std::uint8_t> rgb, int x, int y) {
  const std::uint8_t* pixel = rgb.Row(y) + 3 * static_cast<std::ptrdiff_t>(x);
  return {pixel[0], pixel[1], pixel[2]};
}

Plane<std::uint8_t> Neutral(int width, int height) {
  Plane<std::uint8_t> plane(width, height);
  for (int y = 0; y < height; ++y) std::ranges::fill(plane.view().RowSpan(y), kNeutral);
  return plane;
}

Plane<std::uint8_t> Copied(PlaneView<const std::uint8_t> codes, int channel) {
  Plane<std::uint8_t> plane(codes.width, codes.height);
  for (int y = 0; y < codes.height; ++y) {
    for (int x = 0; x < codes.width; ++x) plane.Row(y)[x] = codes.At(x, y, channel);
  }
  return plane;
}

Plane<std::uint8_t> LumaOf(PlaneView<const std::uint8_t> rgb) {
  Plane<std::uint8_t> plane(rgb.width, rgb.height);
  for (int y = 0; y < rgb.height; ++y) {
    std::uint8_t* out = plane.Row(y);
    for (int x = 0; x < rgb.width; ++x) {
      out[x] = static_cast<std::uint8_t>((Weighted(kLuma, PixelAt(rgb, x, y)) + kHalf) >> kBits);
    }
  }
  return plane;
}

/// Blocks at the right and lower edge hold the pixels that are there.
void FillChroma(PlaneView<const std::uint8_t> rgb, int step, YccPlanes& planes) {
  for (int row = 0; row < planes.cb.height(); ++row) {
    const int end_y = std::min(rgb.height, (row + 1) * step);
    for (int column = 0; column < planes.cb.width(); ++column) {
      const int end_x = std::min(rgb.width, (column + 1) * step);
      std::array<int, 3> sum = {0, 0, 0};
      for (int y = row * step; y < end_y; ++y) {
        for (int x = column * step; x < end_x; ++x) {
          const std::array<int, 3> pixel = PixelAt(rgb, x, y);
          for (std::size_t c = 0; c < 3; ++c) sum[c] += pixel[c];
        }
      }
      const int count = (end_y - row * step) * (end_x - column * step);
      planes.cb.Row(row)[column] = ChromaCode(Weighted(kBlue, sum), count);
      planes.cr.Row(row)[column] = ChromaCode(Weighted(kRed, sum), count);
    }
  }
}

}  // namespace

YccPlanes YccFromCodes(PlaneView<const std::uint8_t> codes, Chroma chroma) {
  assert(codes.channels == 1 || (codes.channels == 3 && chroma != Chroma::kNone));
  YccPlanes planes;
  planes.y = codes.channels == 1 ? Copied(codes, 0) : LumaOf(codes);
  if (chroma == Chroma::kNone) return planes;
  const int step = chroma == Chroma::k420 ? 2 : 1;
  const int width = (codes.width + step - 1) / step;
  const int height = (codes.height + step - 1) / step;
  planes.cb = Neutral(width, height);
  planes.cr = Neutral(width, height);
  if (codes.channels == 3) FillChroma(codes, step, planes);
  return planes;
}

YccPlanes GbrFromCodes(PlaneView<const std::uint8_t> codes) {
  assert(codes.channels == 3);
  return {Copied(codes, 1), Copied(codes, 2), Copied(codes, 0)};
}

}  // namespace hdrp
