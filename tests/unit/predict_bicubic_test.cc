#include <gtest/gtest.h>

#include "predict/bicubic.h"

namespace hdrp {
namespace {

TEST(Bicubic, SameSizeIsTheSamePicture) {
  Plane<std::uint8_t> picture(5, 4, 3);
  for (int y = 0; y < 4; ++y) {
    for (int i = 0; i < 15; ++i)
      picture.Row(y)[i] = static_cast<std::uint8_t>(17 * (15 * y + i) % 256);
  }
  const Plane<float> same = BicubicResized(picture.view(), {5, 4});
  for (int y = 0; y < 4; ++y) {
    for (int i = 0; i < 15; ++i) EXPECT_FLOAT_EQ(same.Row(y)[i] * 255, picture.Row(y)[i]);
  }
}

// By hand: halving looks half-way between samples, where Keys' weights with a = -0.75 are -3/32,
// 19/32, 19/32, -3/32; border samples repeat.
TEST(Bicubic, HalvingHasOpenCvsWeights) {
  Plane<std::uint8_t> row(6, 1);
  const int codes[] = {0, 96, 160, 32, 64, 128};
  for (int x = 0; x < 6; ++x) row.Row(0)[x] = static_cast<std::uint8_t>(codes[x]);
  const Plane<float> half = BicubicResized(row.view(), {3, 1});
  EXPECT_NEAR(half.Row(0)[0] * 255, (-3 * 0 + 19 * 0 + 19 * 96 - 3 * 160) / 32.0, 1e-4);
  EXPECT_NEAR(half.Row(0)[1] * 255, (-3 * 96 + 19 * 160 + 19 * 32 - 3 * 64) / 32.0, 1e-4);
  EXPECT_NEAR(half.Row(0)[2] * 255, (-3 * 32 + 19 * 64 + 19 * 128 - 3 * 128) / 32.0, 1e-4);
}

TEST(Bicubic, RowsAreTreatedAsColumnsAre) {
  Plane<std::uint8_t> wide(23, 1);
  Plane<std::uint8_t> tall(1, 23);
  for (int i = 0; i < 23; ++i)
    wide.Row(0)[i] = tall.Row(i)[0] = static_cast<std::uint8_t>(i * i * 37 % 256);
  for (const int to : {1, 7, 12, 23, 61}) {
    const Plane<float> across = BicubicResized(wide.view(), {to, 1});
    const Plane<float> down = BicubicResized(tall.view(), {1, to});
    for (int i = 0; i < to; ++i)
      EXPECT_NEAR(across.Row(0)[i], down.Row(i)[0], 1e-6) << to << ' ' << i;
  }
}

TEST(Bicubic, OvershootIsClipped) {
  Plane<std::uint8_t> edge(8, 1);
  for (int x = 4; x < 8; ++x) edge.Row(0)[x] = 255;
  const Plane<float> large = BicubicResized(edge.view(), {32, 1});
  for (const float sample : large.view().RowSpan(0)) {
    EXPECT_GE(sample, 0);
    EXPECT_LE(sample, 1);
  }
}

TEST(Bicubic, OnePixelFillsAnything) {
  Plane<std::uint8_t> pixel(1, 1);
  pixel.Row(0)[0] = 51;
  const Plane<float> large = BicubicResized(pixel.view(), {3, 2});
  for (int y = 0; y < 2; ++y) {
    for (const float sample : large.view().RowSpan(y)) EXPECT_FLOAT_EQ(sample, 0.2F);
  }
}

}  // namespace
}  // namespace hdrp
