#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "align/tone/toned_light.h"

namespace hdrp {
namespace {

constexpr int kSide = 200;

/// Codes of a picture with structure everywhere, and light that a rising curve makes of them:
/// `scale` times what a power of 2.2 gives.
struct Pair {
  Plane<std::uint8_t> codes{kSide, kSide};
  Plane<float> light{kSide, kSide};
};
[[nodiscard]] Pair MakePair(float scale) {
  Pair pair;
  std::mt19937 random(3);
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      const double wave = 128 + 80 * std::sin(x / 9.0) * std::cos(y / 13.0);
      const double code = wave + static_cast<double>(random() % 40) - 20;
      pair.codes.Row(y)[x] = static_cast<std::uint8_t>(code);
      pair.light.Row(y)[x] =
          scale * static_cast<float>(std::pow(pair.codes.Row(y)[x] / 255.0, 2.2));
    }
  }
  return pair;
}

[[nodiscard]] double MeanDifference(const Plane<std::uint8_t>& a, const Plane<std::uint8_t>& b,
                                    int first_column = 0) {
  double sum = 0;
  for (int y = 0; y < kSide; ++y) {
    for (int x = first_column; x < kSide; ++x) sum += std::abs(a.Row(y)[x] - b.Row(y)[x]);
  }
  return sum / (kSide * (kSide - first_column));
}

TEST(TonedAsTest, FindsTheEditsCurveAtAnyScaleOfLight) {
  for (const float scale : {1e-4F, 1.0F, 5000.0F}) {
    const Pair pair = MakePair(scale);
    EXPECT_LT(MeanDifference(TonedAs(pair.codes.view(), pair.light.view()), pair.codes), 1)
        << scale;
  }
}

TEST(TonedByPairsTest, FindsTheEditsCurveAtAnyScaleOfLight) {
  for (const float scale : {1e-4F, 1.0F, 5000.0F}) {
    const Pair pair = MakePair(scale);
    const Plane<std::uint8_t> toned =
        TonedByPairs(pair.codes.view(), pair.light.view(), kSameFraming);
    EXPECT_LT(MeanDifference(toned, pair.codes), 1.5) << scale;
  }
}

/// A third of the edit is an even grey: the distribution is not the light's any more, the pairs
/// are.
TEST(TonedByPairsTest, IsNotLedAstrayByAnOverlay) {
  const Pair pair = MakePair(1);
  Plane<std::uint8_t> edit = pair.codes.Clone();
  for (int y = 0; y < kSide; ++y) std::fill_n(edit.Row(y), kSide / 3, std::uint8_t{128});
  const Plane<std::uint8_t> by_pairs = TonedByPairs(edit.view(), pair.light.view(), kSameFraming);
  const Plane<std::uint8_t> by_share = TonedAs(edit.view(), pair.light.view());
  EXPECT_LT(MeanDifference(by_pairs, pair.codes, kSide / 3), 3);
  EXPECT_GT(MeanDifference(by_share, pair.codes, kSide / 3), 6);
}

TEST(TonedLightTest, TakesWhatIsNotFinite) {
  Pair pair = MakePair(1);
  pair.light.Row(3)[3] = std::numeric_limits<float>::quiet_NaN();
  pair.light.Row(4)[4] = std::numeric_limits<float>::infinity();
  pair.light.Row(5)[5] = -1;
  for (const Plane<std::uint8_t>& toned :
       {TonedAs(pair.codes.view(), pair.light.view()),
        TonedByPairs(pair.codes.view(), pair.light.view(), kSameFraming)}) {
    EXPECT_LT(toned.Row(3)[3], 60);
    EXPECT_GT(toned.Row(4)[4], 190);
    EXPECT_LT(toned.Row(5)[5], 60);
  }
}

}  // namespace
}  // namespace hdrp
