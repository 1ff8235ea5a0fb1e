// make_edit ORIGINAL.jpg FILE: what a photographer hands in: 80 % of the original's sides, straightened
// by 4 degrees, at the original's size.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numbers>

#include "decode/jpeg_pixels.h"
#include "package/jpeg_encode.h"
#include "support/corpus.h"
#include "support/program.h"

int main(int argc, char** argv) {
  using namespace hdrp;
  if (argc != 3) return 2;
  const Expected<DecodedJpeg> original = DecodeJpeg(test::ReadWhole(argv[1]), {});
  if (!original) return 1;
  const Plane<std::uint8_t>& pixels = original->pixels;
  const int width = pixels.width(), height = pixels.height();
  const double angle = 4 * std::numbers::pi / 180;
  const double along = 0.8 * std::cos(angle), across = 0.8 * std::sin(angle);
  Plane<std::uint8_t> edit(width, height, 3);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double dx = x - width / 2.0, dy = y - height / 2.0;
      const double u = std::clamp(width / 2.0 + along * dx - across * dy, 0.0, width - 1.001);
      const double v = std::clamp(height / 2.0 + across * dx + along * dy, 0.0, height - 1.001);
      const int i = static_cast<int>(u), j = static_cast<int>(v);
      for (int c = 0; c < 3; ++c) {
        const auto at = [&](int a, int b) { return static_cast<double>(pixels.Row(j + b)[(i + a) * 3 + c]); };
        const double top = at(0, 0) + (u - i) * (at(1, 0) - at(0, 0));
        const double bottom = at(0, 1) + (u - i) * (at(1, 1) - at(0, 1));
        edit.Row(y)[x * 3 + c] = static_cast<std::uint8_t>(top + (v - j) * (bottom - top) + 0.5);
      }
    }
  }
  const Expected<Bytes> jpeg = EncodeJpeg(edit.view(), {.quality = 92});
  if (!jpeg) return 1;
  test::WriteWhole(argv[2], *jpeg);
  return 0;
}
