#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "gainmap/follow_base.h"

namespace hdrp {
namespace {

constexpr int kWidth = 120, kHeight = 300;
constexpr std::array<float, 3> kEqual = {1.0F / 3, 1.0F / 3, 1.0F / 3};

/// Light 0.05 left of a slanted edge and 0.8 right of it, as pixels see it; `shift` in pixels.
[[nodiscard]] Plane<float> Edge(double shift, float times) {
  Plane<float> light(kWidth, kHeight, 3);
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      const double covered = std::clamp(x - (60 + 0.1 * y - 15 + shift) + 0.5, 0.0, 1.0);
      const auto value = static_cast<float>(0.05 + 0.75 * covered);
      for (int c = 0; c < 3; ++c) light.view().At(x, y, c) = times * value;
    }
  }
  return light;
}

[[nodiscard]] Plane<std::uint8_t> RootsOf(const Plane<float>& light) {
  Plane<std::uint8_t> roots(kWidth, kHeight);
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      roots.Row(y)[x] = static_cast<std::uint8_t>(255 * std::sqrt(light.Row(y)[3 * x]) + 0.5F);
    }
  }
  return roots;
}

[[nodiscard]] FineGain GainOf(Plane<float> hdr, const Plane<float>& base, int channels = 1) {
  FineGainCollector collector(kWidth, kHeight, channels, kEqual);
  collector.Add(hdr.view(), base.view());
  return collector.Take();
}

/// The largest distance from `stops`, without the outermost pixels.
[[nodiscard]] double Farthest(const FineGain& gain, double stops) {
  double farthest = 0;
  for (int y = 0; y < kHeight; ++y) {
    for (const std::int16_t units : gain.units.view().RowSpan(y)) {
      farthest =
          std::max(farthest, std::abs(units / static_cast<double>(kFineUnitsPerStop) - stops));
    }
  }
  return farthest;
}

TEST(FollowBaseTest, TakesTheFringesFromEdgesThatAreOff) {
  const Plane<float> base = Edge(0, 1);
  for (const int channels : {1, 3}) {
    FineGain gain = GainOf(Edge(0.3, 4), base, channels);
    const double fringe = Farthest(gain, 2);
    EXPECT_GT(fringe, 0.8);
    FollowBase(gain, RootsOf(base).view());
    EXPECT_LT(Farthest(gain, 2), fringe / 2);
    EXPECT_EQ(gain.counted_samples, static_cast<std::uint64_t>(kWidth * kHeight * channels));
    EXPECT_NEAR(gain.Quantile(1), 2, fringe / 2);
  }
}

TEST(FollowBaseTest, KeepsGainsThatChangeWhereTheBaseDoes) {
  const Plane<float> base = Edge(0, 1);
  Plane<float> hdr = Edge(0, 1);  // left of the edge no gain, right of it two stops
  for (int y = 0; y < kHeight; ++y) {
    for (float& v : hdr.view().RowSpan(y)) v = v > 0.5F ? 4 * v : v;
  }
  const FineGain before = GainOf(hdr.Clone(), base);
  FineGain after = GainOf(hdr.Clone(), base);
  FollowBase(after, RootsOf(base).view());
  for (int y = 10; y < kHeight; y += 20) {
    const int edge = static_cast<int>(45 + 0.1 * y);
    for (const int x : {edge - 3, edge + 3}) {
      EXPECT_NEAR(after.units.Row(y)[x], before.units.Row(y)[x], 0.15 * kFineUnitsPerStop);
    }
  }
}

/// A clipped sky: what structure there is, is the other picture's.
TEST(FollowBaseTest, KeepsTheDetailThatAFlatBaseLacks) {
  Plane<float> base(kWidth, kHeight, 3), hdr(kWidth, kHeight, 3);
  for (int y = 0; y < kHeight; ++y) {
    std::ranges::fill(base.view().RowSpan(y), 1.0F);
    for (int x = 0; x < 3 * kWidth; ++x) hdr.Row(y)[x] = (x / 3 + y) % 2 == 0 ? 3.0F : 5.0F;
  }
  const FineGain before = GainOf(hdr.Clone(), base);
  FineGain after = GainOf(hdr.Clone(), base);
  FollowBase(after, RootsOf(base).view());
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) EXPECT_EQ(after.units.Row(y)[x], before.units.Row(y)[x]);
  }
  EXPECT_EQ(after.histogram, before.histogram);
}

}  // namespace
}  // namespace hdrp
