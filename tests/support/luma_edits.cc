#include "support/luma_edits.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>

#include "decode/jpeg_pixels.h"
#include "gainmap/gain.h"
#include "support/make_jpeg.h"

namespace hdrp::test {
namespace {

using Luma = PlaneView<const std::uint8_t>;
using Result = Plane<std::uint8_t>;

/// A curve on values 0..1.
template <typename Shape>
LumaEdit Curve(std::string name, const Shape& shape) {
  return {std::move(name), [shape](Luma luma) {
            return MappedLuma(luma, [&](double v, int, int) { return 255 * shape(v / 255); });
          }};
}

Result Vignette(Luma luma) {
  return MappedLuma(luma, [&](double v, int x, int y) {
    const double u = 2.0 * x / luma.width - 1;
    const double w = 2.0 * y / luma.height - 1;
    return v * (1 - 0.35 * (u * u + w * w));
  });
}

Result Noise(Luma luma) {
  std::mt19937 random(1);
  std::normal_distribution<double> noise(0, 4);
  return MappedLuma(luma, [&](double v, int, int) { return v + noise(random); });
}

Result PaintedOver(Luma luma) {
  return MappedLuma(luma, [&](double v, int x, int y) {
    const bool inside = x > 0.3 * luma.width && x < 0.75 * luma.width && y > 0.2 * luma.height &&
                        y < 0.65 * luma.height;
    return inside ? 190 : v;
  });
}

Result LowQuality(Luma luma) {
  auto decoded = DecodeJpeg(MakeJpeg(luma, {.quality = 30}),
                            {.output = JpegOutput::kGray, .limits = {}, .stop = {}});
  EXPECT_TRUE(decoded);
  return std::move(decoded->pixels);
}

/// The part that begins at (left, top) and has `share` of the sides, enlarged. Reaching beyond the
/// border it repeats the border.
LumaEdit Crop(std::string name, double share, double left, double top) {
  return {std::move(name), [=](Luma luma) {
            return MappedLuma(luma, [&](double, int x, int y) {
              const double u = left * luma.width + share * x;
              const double v = top * luma.height + share * y;
              return static_cast<double>(luma.At(std::min(static_cast<int>(u), luma.width - 1),
                                                 std::min(static_cast<int>(v), luma.height - 1)));
            });
          }};
}

LumaEdit Turn(std::string name, Orientation orientation) {
  return {std::move(name), [=](Luma luma) { return Oriented(luma, orientation); }};
}

}  // namespace

const std::vector<LumaEdit>& SamePictureEdits() {
  static const std::vector<LumaEdit> edits = {
      Curve("nothing", [](double v) { return v; }),
      Curve("gamma 0.5", [](double v) { return std::sqrt(v); }),
      Curve("gamma 2", [](double v) { return v * v; }),
      Curve("strong contrast", [](double v) { return 1 / (1 + std::exp(-10 * (v - 0.5))); }),
      Curve("faded", [](double v) { return 0.25 + 0.5 * v; }),
      Curve("highlights clipped", [](double v) { return 1.3 * v; }),
      Curve("two stops darker", [](double v) { return 0.5 * v; }),
      {"vignette", Vignette},
      {"noise", Noise},
      {"a fifth painted over", PaintedOver},
      {"low JPEG quality", LowQuality},
  };
  return edits;
}

const std::vector<LumaEdit>& OtherFramings() {
  static const std::vector<LumaEdit> edits = {
      Crop("90 % of the sides", 0.9, 0.05, 0.05),
      Crop("90 %, a corner", 0.9, 0, 0),
      Crop("80 %, the other corner", 0.8, 0.2, 0.2),
      Crop("shifted by 7 %", 1, 0.07, 0.07),
      Turn("mirrored", Orientation::kTopRight),
      Turn("upside down", Orientation::kBottomRight),
      Curve("negative", [](double v) { return 1 - v; }),
  };
  return edits;
}

Plane<std::uint8_t> MappedLuma(Luma luma, const std::function<double(double, int, int)>& code) {
  Result result(luma.width, luma.height);
  for (int y = 0; y < luma.height; ++y) {
    for (int x = 0; x < luma.width; ++x) {
      const double value = code(static_cast<double>(luma.At(x, y)), x, y);
      result.Row(y)[x] = static_cast<std::uint8_t>(std::clamp(value, 0.0, 255.0) + 0.5);
    }
  }
  return result;
}

Plane<std::uint8_t> LumaOf(PlaneView<const std::uint8_t> rgb) {
  Result luma(rgb.width, rgb.height);
  for (int y = 0; y < rgb.height; ++y) {
    for (int x = 0; x < rgb.width; ++x) {
      luma.Row(y)[x] = static_cast<std::uint8_t>(
          (299 * rgb.At(x, y, 0) + 587 * rgb.At(x, y, 1) + 114 * rgb.At(x, y, 2) + 500) / 1000);
    }
  }
  return luma;
}

}  // namespace hdrp::test
