#include <gtest/gtest.h>

#include <cmath>

#include "derive/map_coding.h"
#include "package/jpeg_encode.h"

namespace hdrp {
namespace {

/// A picture of SDR white over which `stops(x, y)` of gain lie.
FineGain GainOf(int width, int height, const auto& stops) {
  Plane<float> base(width, height, 3);
  Plane<float> hdr(width, height, 3);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < 3; ++c) {
        base.view().At(x, y, c) = 1;
        hdr.view().At(x, y, c) = std::exp2(stops(x, y));
      }
    }
  }
  FineGainCollector collector(width, height, 1, {0.2126F, 0.7152F, 0.0722F});
  collector.Add(hdr.view(), std::as_const(base).view());
  return collector.Take();
}

MapCoding Choose(const FineGain& gain, const CodingWishes& wishes) {
  const auto metadata = MetadataFor(gain);
  EXPECT_TRUE(metadata);
  const Expected<MapCoding> coding = ChooseMapCoding(gain, *metadata, wishes, {});
  EXPECT_TRUE(coding) << coding.error().message;
  return *coding;
}

float Smooth(int x, int y) { return 1.0F + std::sin(static_cast<float>(x + 2 * y) / 60); }
float Edges(int x, int y) { return (x / 5 + y / 7) % 2 == 0 ? 0.0F : 3.0F; }

TEST(ChooseMapCodingTest, ASmoothGainNeedsAQuarterOfTheResolution) {
  const MapCoding coding = Choose(GainOf(400, 300, Smooth), {.budget_bytes = 20000});
  EXPECT_EQ(coding.scale, 4);
  EXPECT_LE(coding.error.p99_stops, 0.03);
}

TEST(ChooseMapCodingTest, EdgesTakeTheFullOne) {
  const MapCoding coding = Choose(GainOf(400, 300, Edges), {.budget_bytes = 120000});
  EXPECT_EQ(coding.scale, 1);
}

TEST(ChooseMapCodingTest, TheBudgetHolds) {
  const FineGain gain = GainOf(400, 300, Edges);
  for (const std::size_t budget : {4000U, 8000U, 16000U, 32000U}) {
    const MapCoding coding = Choose(gain, {.budget_bytes = budget});
    const EncodedGainMap map =
        EncodeFineGain(gain.units.view(), coding.scale, MetadataFor(gain).value());
    EXPECT_LE(EncodeJpeg(map.codes.view(), {.flat_step = coding.flat_step})->size(), budget)
        << "the whole picture is the sample here";
  }
}

TEST(ChooseMapCodingTest, MoreBytesLoseNoMore) {
  const FineGain gain = GainOf(400, 300, Edges);
  double before = 100;
  for (const std::size_t budget : {4000U, 8000U, 16000U, 32000U, 64000U}) {
    const double error = Choose(gain, {.budget_bytes = budget}).error.p99_stops;
    EXPECT_LE(error, before * 1.1);
    before = error;
  }
}

TEST(ChooseMapCodingTest, TheBudgetGrowsUntilLittleIsLost) {
  const FineGain gain = GainOf(400, 300, Edges);
  const MapCoding poor = Choose(gain, {.budget_bytes = 4000});
  ASSERT_GT(poor.error.p99_stops, kTolerableStops) << "else this shows nothing";
  const MapCoding grown = Choose(gain, {.budget_bytes = 4000, .most_bytes = 200000});
  EXPECT_LE(grown.error.p99_stops, kTolerableStops);
  // No further than that: with the very next step, or with more bytes, it would lose less still.
  EXPECT_GT(grown.error.p99_stops, Choose(gain, {.budget_bytes = 200000}).error.p99_stops);
}

TEST(ChooseMapCodingTest, TheBudgetGrowsToItsEndWhereNothingIsEnough) {
  const FineGain gain = GainOf(400, 300, Edges);
  const MapCoding poor = Choose(gain, {.budget_bytes = 2000});
  const MapCoding grown = Choose(gain, {.budget_bytes = 2000, .most_bytes = 6000});
  ASSERT_GT(grown.error.p99_stops, kTolerableStops) << "else this shows nothing";
  EXPECT_LE(grown.error.p99_stops, poor.error.p99_stops);
  const EncodedGainMap map =
      EncodeFineGain(gain.units.view(), grown.scale, MetadataFor(gain).value());
  EXPECT_LE(EncodeJpeg(map.codes.view(), {.flat_step = grown.flat_step})->size(), 6000U);
}

TEST(ChooseMapCodingTest, ABudgetThatIsEnoughDoesNotGrow) {
  const FineGain gain = GainOf(400, 300, Smooth);
  const MapCoding within = Choose(gain, {.budget_bytes = 4000});
  ASSERT_LE(within.error.p99_stops, kTolerableStops);
  const MapCoding may_grow = Choose(gain, {.budget_bytes = 4000, .most_bytes = 200000});
  EXPECT_EQ(may_grow.scale, within.scale);
  EXPECT_EQ(may_grow.flat_step, within.flat_step);
}

TEST(ChooseMapCodingTest, WishesAreKept) {
  const FineGain gain = GainOf(200, 100, Edges);
  const MapCoding half = Choose(gain, {.scale = 2, .budget_bytes = 8000});
  EXPECT_EQ(half.scale, 2);
  const MapCoding fine = Choose(gain, {.scale = 1, .quality = 95, .budget_bytes = 1});
  EXPECT_EQ(fine.scale, 1);
  EXPECT_EQ(fine.flat_step, 2);
}

TEST(FlatStepOfQualityTest, FollowsLibjpegsScaling) {
  EXPECT_EQ(FlatStepOfQuality(100), 1);
  EXPECT_EQ(FlatStepOfQuality(95), 2);
  EXPECT_EQ(FlatStepOfQuality(75), 8);
  EXPECT_EQ(FlatStepOfQuality(50), 16);
  EXPECT_EQ(FlatStepOfQuality(25), 32);
  EXPECT_EQ(FlatStepOfQuality(1), 64);
}

}  // namespace
}  // namespace hdrp
