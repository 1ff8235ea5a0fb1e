// The metrics on pictures small enough to be worked out by hand, and on those that have nothing to
// measure.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "color/color_spec.h"
#include "evaluate/metrics.h"
#include "evaluate/perceptual.h"
#include "evaluate/target.h"

namespace hdrp {
namespace {

Plane<float> Row(const std::vector<float>& samples) {
  Plane<float> plane(static_cast<int>(samples.size()), 1);
  std::ranges::copy(samples, plane.Row(0));
  return plane;
}

Plane<float> Grey(int width, float linear) {
  Plane<float> plane(width, 1, 3);
  for (float& sample : plane.view().RowSpan(0)) sample = linear;
  return plane;
}

Scores Score(const Plane<float>& predicted, const Plane<float>& target, float linear = 0.5F) {
  const Plane<float> base = Grey(target.width(), linear);
  return ScoresOf(predicted.view(),
                  {base.view(), target.view(), RgbFromRgb(kRec709Primaries, kRec2020Primaries)});
}

TEST(ScoresTest, AreWhatOneFindsByHand) {
  const Plane<float> target = Row({0, 0.5F, 1, 2});
  const Plane<float> predicted = Row({0.25F, 0.5F, 1.75F, 0.75F});
  const Scores scores = Score(predicted, target);
  EXPECT_NEAR(*scores[Metric::kError], (0.25 + 0 + 0.75 + 1.25) / 4, 1e-6);
  EXPECT_NEAR(*scores[Metric::kMeanGain], 3.25 / 4, 1e-6);
  EXPECT_NEAR(*scores[Metric::kOver], 0.25, 1e-9) << "1.75 for 1";
  // p99 of the target is 1.97, so highlights are above 1.182: the last pixel.
  EXPECT_NEAR(*scores[Metric::kHighlightError], 1.25, 1e-6);
  EXPECT_NEAR(*scores[Metric::kHighlightRecall], 0, 1e-9) << "0.75 is less than half of 2";
  EXPECT_FALSE(scores[Metric::kFalseBrightening]) << "one pixel is too few";
  // Between the two highest samples: 1 + 0.985 and 0.75 + 0.985.
  EXPECT_NEAR(*scores[Metric::kTopError], 1.985 - (0.75 + 0.985), 1e-6);
  EXPECT_NEAR(*scores[Metric::kCorrelation], 0.3896, 1e-4);
}

TEST(ScoresTest, TakeLevelAndShapeApart) {
  // P - G: -1.25, 0, 0.25, 0.75 in order; their median is 0.125.
  const Scores mixed = Score(Row({0.25F, 0.5F, 1.75F, 0.75F}), Row({0, 0.5F, 1, 2}));
  EXPECT_NEAR(*mixed[Metric::kLevelError], 0.125, 1e-6);
  EXPECT_NEAR(*mixed[Metric::kShapeError], (1.375 + 0.125 + 0.125 + 0.625) / 4, 1e-6);

  const Scores lifted = Score(Row({0.25F, 0.75F, 1.25F}), Row({0.5F, 1, 1.5F}));
  EXPECT_NEAR(*lifted[Metric::kLevelError], 0.25, 1e-6) << "too dark by a constant";
  EXPECT_NEAR(*lifted[Metric::kShapeError], 0, 1e-6);

  const Scores missed = Score(Row({0, 0, 0}), Row({0, 0, 1.5F}));
  EXPECT_NEAR(*missed[Metric::kLevelError], 0, 1e-6) << "a lamp is no level";
  EXPECT_NEAR(*missed[Metric::kShapeError], 0.5, 1e-6);
}

TEST(ScoresTest, OfLightFollowTheirFormulas) {
  // SDR white lifted by one stop: with the offset of 1/64 that is 2 + 1/64.
  const Plane<float> target = Row({1, 1});
  const Scores nothing = Score(Row({0, 0}), target, 1);
  const double bright = 203 * (2 + 1.0 / 64);
  EXPECT_NEAR(*nothing[Metric::kPu21Psnr],
              20 * std::log10(Pu21FromNits(10000) / (Pu21FromNits(bright) - Pu21FromNits(203))),
              1e-3);
  // PQ codes of 203 and 409.17 cd/m2: 0.580689 and 0.655012.
  EXPECT_NEAR(*nothing[Metric::kPqPsnr], -20 * std::log10(0.655012 - 0.580689), 0.01);
  EXPECT_NEAR(*nothing[Metric::kDeltaEItp], 720 * (0.655012 - 0.580689), 0.02);
  EXPECT_GT(*Score(target, target, 1)[Metric::kPqPsnr], 119) << "nothing is wrong";
}

TEST(ScoresTest, FalseBrighteningNeedsMoreThanFiftyPixels) {
  const std::vector<float> quiet(50, 0.0F);
  const std::vector<float> loud(51, 0.0F);
  EXPECT_FALSE(Score(Row(std::vector<float>(50, 0.2F)), Row(quiet))[Metric::kFalseBrightening]);
  EXPECT_NEAR(*Score(Row(std::vector<float>(51, 0.2F)), Row(loud))[Metric::kFalseBrightening], 0.2,
              1e-6);
}

TEST(ScoresTest, AConstantTargetHasNoCorrelationAndNoHighlights) {
  const Scores scores = Score(Row({0.1F, 0.2F, 0.3F}), Row({0.4F, 0.4F, 0.4F}));
  EXPECT_FALSE(scores[Metric::kCorrelation]);
  EXPECT_FALSE(scores[Metric::kHighlightError]);
  EXPECT_FALSE(scores[Metric::kHighlightRecall]);
  EXPECT_NEAR(*scores[Metric::kError], 0.2, 1e-6);
}

// Values of other implementations: the authors' encoder gives 5.4705e-10 and 595.3939 at the ends
// of its range; the pair of colours and its difference are colour-science's documented example.
TEST(PerceptualTest, AgreesWithOthers) {
  EXPECT_NEAR(Pu21FromNits(0.005), 0, 1e-6);
  EXPECT_NEAR(Pu21FromNits(100), 256.384, 1e-3);
  EXPECT_NEAR(Pu21FromNits(203), 303.800, 1e-3);
  EXPECT_NEAR(Pu21FromNits(10000), 595.3939, 1e-4);
  EXPECT_EQ(Pu21FromNits(0), Pu21FromNits(0.005));
  EXPECT_EQ(Pu21FromNits(1e6), Pu21FromNits(10000));
  // They state ICtCp; T is half of Ct.
  const std::array<double, 3> a = {0.4885468072, -0.04739350675 / 2, 0.07475401302};
  const std::array<double, 3> b = {0.4899203231, -0.04567508203 / 2, 0.07361341775};
  EXPECT_NEAR(DeltaEItp(a, b), 1.42657, 1e-5);
  const std::array<double, 3> white = ItpFromRec2020({203, 203, 203});
  EXPECT_NEAR(white[0], 0.580689, 1e-6);
  EXPECT_NEAR(white[1], 0, 1e-9);
  EXPECT_NEAR(white[2], 0, 1e-9);
}

TEST(TargetStopsTest, ReadsTheMapsNumbers) {
  // min -1, max 3, gamma 2: code 64 of 255 is the share 0.251, its root 0.501, so 1.004 stops.
  EncodedGainMap map{Plane<std::uint8_t>(1, 1), {}};
  map.codes.Row(0)[0] = 64;
  map.metadata.gain_map_min.fill(-1);
  map.metadata.gain_map_max.fill(3);
  map.metadata.gamma.fill(2);
  const double stops = -1 + 4 * std::sqrt(64.0 / 255);
  const auto target = TargetStops(Grey(2, 0.25F).view(), map);
  ASSERT_TRUE(target);
  EXPECT_NEAR(target->view().At(1, 0), stops, 1e-5) << "both offsets are the target's own";
  map.metadata.base_offset.fill(0);
  map.metadata.alternate_offset.fill(0);
  const auto without = TargetStops(Grey(2, 0.25F).view(), map);
  ASSERT_TRUE(without);
  EXPECT_NEAR(without->view().At(0, 0),
              std::log2((0.25 * std::exp2(stops) + 1.0 / 64) / (0.25 + 1.0 / 64)), 1e-5);
}

}  // namespace
}  // namespace hdrp
