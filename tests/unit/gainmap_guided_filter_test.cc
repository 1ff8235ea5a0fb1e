// The guided filter: against its equations written out window by window, and what it is for.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>
#include <vector>

#include "gainmap/gain.h"
#include "gainmap/guided_filter.h"

namespace hdrp {
namespace {

Plane<float> Noise(int width, int height, unsigned seed) {
  std::mt19937 random(seed);
  Plane<float> plane(width, height);
  for (int y = 0; y < height; ++y) {
    for (float& sample : plane.view().RowSpan(y)) {
      sample = static_cast<float>(random() & 0xFFFF) / 0xFFFF;
    }
  }
  return plane;
}

/// Slope and offset of the window around (x, y).
std::pair<double, double> WindowLine(PlaneView<const float> values, PlaneView<const float> guide,
                                     int x, int y, const GuidedFilterOptions& options) {
  double n = 0, sum_i = 0, sum_p = 0, sum_ii = 0, sum_ip = 0;
  for (int v = std::max(0, y - options.radius); v <= std::min(guide.height - 1, y + options.radius);
       ++v) {
    for (int u = std::max(0, x - options.radius);
         u <= std::min(guide.width - 1, x + options.radius); ++u) {
      const double i = guide.At(u, v), p = values.At(u, v);
      n += 1, sum_i += i, sum_p += p, sum_ii += i * i, sum_ip += i * p;
    }
  }
  const double slope =
      (sum_ip / n - sum_i / n * sum_p / n) / (sum_ii / n - sum_i / n * sum_i / n + options.epsilon);
  return {slope, sum_p / n - slope * sum_i / n};
}

TEST(GuidedFilterTest, FollowsTheEquationsAtEverySize) {
  const GuidedFilterOptions options{2, 1e-3};
  for (const auto& [width, height] :
       {std::pair{9, 7}, std::pair{1, 1}, std::pair{2, 1}, std::pair{3, 11}}) {
    SCOPED_TRACE(testing::Message() << width << " x " << height);
    const Plane<float> values = Noise(width, height, 1);
    const Plane<float> guide = Noise(width, height, 2);
    const Plane<float> filtered =
        AlongGuide(FitGuideLines(values.view(), guide.view(), options), guide.view());
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        double slope = 0, offset = 0, n = 0;
        for (int v = std::max(0, y - 2); v <= std::min(height - 1, y + 2); ++v) {
          for (int u = std::max(0, x - 2); u <= std::min(width - 1, x + 2); ++u) {
            const auto [a, b] = WindowLine(values.view(), guide.view(), u, v, options);
            slope += a, offset += b, n += 1;
          }
        }
        EXPECT_NEAR(filtered.view().At(x, y), (slope * guide.view().At(x, y) + offset) / n, 1e-5);
      }
    }
  }
}

TEST(GuidedFilterTest, AConstantStaysWhatTheGuideDoes) {
  Plane<float> values(40, 30);
  for (int y = 0; y < 30; ++y) std::ranges::fill(values.view().RowSpan(y), 0.75F);
  const Plane<float> fine = Noise(160, 120, 3);
  const GuideLines lines = FitGuideLines(values.view(), Noise(40, 30, 4).view(), {});
  const Plane<float> enlarged = AlongGuide(lines, fine.view());
  for (int y = 0; y < 120; ++y) {
    for (const float sample : enlarged.view().RowSpan(y)) EXPECT_NEAR(sample, 0.75F, 1e-4);
  }
}

// A step that a plain enlargement would smear over four samples on each side.
TEST(GuidedFilterTest, EnlargingKeepsTheGuidesEdgeWithoutOvershoot) {
  Plane<float> fine(160, 40);
  Plane<float> coarse(40, 10);
  Plane<float> values(40, 10);
  for (int y = 0; y < 40; ++y) {
    for (int x = 0; x < 160; ++x) fine.Row(y)[x] = x < 80 ? 0.2F : 0.9F;
  }
  for (int y = 0; y < 10; ++y) {
    for (int x = 0; x < 40; ++x) {
      coarse.Row(y)[x] = x < 20 ? 0.2F : 0.9F;
      values.Row(y)[x] = x < 20 ? 0.0F : 2.0F;
    }
  }
  const Plane<float> enlarged =
      AlongGuide(FitGuideLines(values.view(), coarse.view(), {}), fine.view());
  const Plane<float> plain = Resized(values.view(), 160, 40);
  EXPECT_GT(plain.view().At(79, 20), 0.7F) << "the smear";
  // Of the nine columns of windows beside the edge one sees only the far side, and enlarging takes
  // up to half of what it says.
  constexpr double kLeftOver = 2.0 / 9 / 2;
  for (int x = 0; x < 160; ++x) {
    EXPECT_NEAR(enlarged.view().At(x, 20), x < 80 ? 0.0 : 2.0, kLeftOver) << x;
    EXPECT_GE(enlarged.view().At(x, 20), -1e-4);
    EXPECT_LE(enlarged.view().At(x, 20), 2 + 1e-4);
  }
}

}  // namespace
}  // namespace hdrp
