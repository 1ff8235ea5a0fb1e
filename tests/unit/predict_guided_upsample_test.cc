#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "gainmap/gain.h"
#include "predict/guided_upsample.h"

namespace hdrp {
namespace {

/// Luma 0.2 left of column `edge`, 0.9 from there on.
[[nodiscard]] Plane<float> Step(int width, int height, int edge) {
  Plane<float> step(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) step.Row(y)[x] = x < edge ? 0.2F : 0.9F;
  }
  return step;
}

[[nodiscard]] Plane<float> Noise(int width, int height) {
  Plane<float> noise(width, height);
  std::uint32_t state = 3;
  for (int y = 0; y < height; ++y) {
    for (float& sample : noise.view().RowSpan(y)) {
      state = state * 1664525U + 1013904223U;
      sample = static_cast<float>(state >> 8U) / 16777216.0F;
    }
  }
  return noise;
}

TEST(GuidedUpsample, ConstantGainStaysConstant) {
  Plane<float> gain(9, 7);
  for (int y = 0; y < 7; ++y) std::ranges::fill(gain.view().RowSpan(y), 1.37F);
  const Plane<float> fine = GuidedUpsampled(gain.view(), Noise(9, 7).view(), Noise(40, 31).view());
  for (int y = 0; y < 31; ++y) {
    for (const float sample : fine.view().RowSpan(y)) ASSERT_NEAR(sample, 1.37F, 3e-7);
  }
}

TEST(GuidedUpsample, OnePixelFillsAnything) {
  Plane<float> gain(1, 1);
  gain.Row(0)[0] = 0.5F;
  const Plane<float> fine = GuidedUpsampled(gain.view(), Noise(1, 1).view(), Noise(3, 5).view());
  for (int y = 0; y < 5; ++y) {
    for (const float sample : fine.view().RowSpan(y)) EXPECT_FLOAT_EQ(sample, 0.5F);
  }
}

// A gain that follows the picture, four times enlarged: the edge is all but as sharp as the
// guide's, where bilinear enlargement smears it over four pixels.
TEST(GuidedUpsample, EdgeOfTheGuideIsKept) {
  Plane<float> coarse = Step(32, 16, 16);
  Plane<float> gain = coarse.Clone();
  for (int y = 0; y < 16; ++y) {
    for (float& sample : gain.view().RowSpan(y)) sample = sample > 0.5F ? 2.0F : 0.0F;
  }
  const Plane<float> guide = Step(128, 64, 64);
  const Plane<float> fine = GuidedUpsampled(gain.view(), coarse.view(), guide.view());
  const Plane<float> plain = Resized(gain.view(), 128, 64);
  const auto worst = [](const Plane<float>& found) {
    float most = 0;
    for (int x = 0; x < 128; ++x) {
      most = std::max(most, std::abs(found.Row(32)[x] - (x < 64 ? 0.0F : 2.0F)));
    }
    return most;
  };
  // 0.153: next to the edge one of five averaged windows lies wholly beyond it, and the enlargement
  // gives its column a weight of 3/8.
  EXPECT_LT(worst(fine), 0.16F);
  EXPECT_GT(worst(plain), 0.7F);
}

TEST(GuidedUpsample, NothingOvershootsItsNeighbourhood) {
  const Plane<float> gain = Noise(24, 18);
  const Plane<float> fine =
      GuidedUpsampled(gain.view(), Step(24, 18, 11).view(), Noise(96, 72).view());
  for (int y = 0; y < 72; ++y) {
    for (int x = 0; x < 96; ++x) {
      float least = INFINITY;
      float greatest = -INFINITY;
      // Two pixels: one of the window, one of the bilinear enlargement.
      for (int row = std::max(0, y / 4 - 2); row <= std::min(17, y / 4 + 2); ++row) {
        for (int column = std::max(0, x / 4 - 2); column <= std::min(23, x / 4 + 2); ++column) {
          least = std::min(least, gain.Row(row)[column]);
          greatest = std::max(greatest, gain.Row(row)[column]);
        }
      }
      ASSERT_GE(fine.Row(y)[x], least - 1e-6F);
      ASSERT_LE(fine.Row(y)[x], greatest + 1e-6F);
    }
  }
}

}  // namespace
}  // namespace hdrp
