#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "align/framing.h"
#include "align/tone/small_luminance.h"

namespace hdrp {
namespace {

constexpr std::array<float, 3> kWeights = {0.25F, 0.5F, 0.25F};

Plane<float> Picture(int width, int height, const auto& light) {
  Plane<float> plane(width, height, 3);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < 3; ++c) plane.view().At(x, y, c) = light(x, y);
    }
  }
  return plane;
}

TEST(SmallLuminanceTest, AveragesCellsAndTheirRests) {
  // 1030 pixels: cells of 3 x 3, the last column of 1, the last row of 2.
  const Plane<float> picture =
      Picture(1030, 5, [](int x, int y) { return static_cast<float>(x % 3 + 10 * y); });
  SmallLuminance small(1030, 5, kWeights);
  small.Add(picture.view());
  ASSERT_EQ(small.plane().width(), 344);
  ASSERT_EQ(small.plane().height(), 2);
  EXPECT_FLOAT_EQ(small.plane().Row(0)[0], 1 + 10);
  EXPECT_FLOAT_EQ(small.plane().Row(0)[343], 0 + 10);  // 1029 % 3 == 0
  EXPECT_FLOAT_EQ(small.plane().Row(1)[7], 1 + 35);
}

TEST(SmallLuminanceTest, WeightsTheComponents) {
  Plane<float> picture(2, 1, 3);
  picture.view().At(0, 0, 1) = 4;
  picture.view().At(1, 0, 2) = 8;
  SmallLuminance small(2, 1, kWeights);
  small.Add(picture.view());
  EXPECT_FLOAT_EQ(small.plane().Row(0)[0], 2);
  EXPECT_FLOAT_EQ(small.plane().Row(0)[1], 2);
}

TEST(LogCodesTest, EqualStepsAStop) {
  Plane<float> light(4, 1);
  const std::array values = {0.0F, 1.0F / 64, 0.5F, 1.0F};
  std::copy(values.begin(), values.end(), light.Row(0));
  const Plane<std::uint8_t> codes = LogCodes(light.view());
  EXPECT_EQ(codes.Row(0)[0], 0);
  EXPECT_EQ(codes.Row(0)[1], 0);
  EXPECT_EQ(codes.Row(0)[2], 160);
  EXPECT_EQ(codes.Row(0)[3], 192);
}

TEST(MidToneRatioTest, IsTheMedianOverMidTones) {
  const int size = 40;
  Plane<float> base(size, size);
  Plane<float> hdr(size, size);
  for (int y = 0; y < size; ++y) {
    for (int x = 0; x < size; ++x) {
      base.Row(y)[x] = x < 30 ? 0.2F : 1.0F;        // a quarter is white
      hdr.Row(y)[x] = x < 30 ? 0.2F * 8 : 1000.0F;  // which shines, and does not count
    }
  }
  hdr.Row(0)[0] = std::nanf("");
  EXPECT_NEAR(MidToneRatioStops(hdr.view(), base.view()).value(), 3, 1e-5);
  Plane<float> dark(size, size);
  EXPECT_FALSE(MidToneRatioStops(hdr.view(), dark.view())) << "no mid-tones, no anchor";
}

}  // namespace
}  // namespace hdrp
