#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <string>

#include "gainmap/metadata.h"

namespace hdrp {
namespace {

GainMapMetadata TwoStops() {
  GainMapMetadata metadata;
  metadata.gain_map_max.fill(2);
  metadata.alternate_hdr_headroom = 2;
  return metadata;
}

struct RuleCase {
  std::string name;
  std::function<void(GainMapMetadata&)> change;
  std::string when_reading;  ///< part of the one sentence expected; empty: no rule is broken
  std::string when_writing;
};
void PrintTo(const RuleCase& row, std::ostream* out) { *out << row.name; }

class BrokenRulesTest : public testing::TestWithParam<RuleCase> {};

void ExpectSentence(const std::vector<std::string>& broken, const std::string& part) {
  if (part.empty()) {
    EXPECT_THAT(broken, testing::IsEmpty());
  } else {
    EXPECT_THAT(broken, testing::ElementsAre(testing::HasSubstr(part)));
  }
}

TEST_P(BrokenRulesTest, SaysWhichOne) {
  GainMapMetadata metadata = TwoStops();
  GetParam().change(metadata);
  ExpectSentence(BrokenRules(metadata, MetadataUse::kRead), GetParam().when_reading);
  ExpectSentence(BrokenRules(metadata, MetadataUse::kWrite), GetParam().when_writing);
}

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
using M = GainMapMetadata;

INSTANTIATE_TEST_SUITE_P(
    Rules, BrokenRulesTest,
    testing::Values(
        RuleCase{"all_kept", [](M&) {}, "", ""},
        RuleCase{"nan", [](M& m) { m.gain_map_max[1] = kNan; }, "gain_map_max", "gain_map_max"},
        RuleCase{"infinite_offset", [](M& m) { m.base_offset[2] = -kInfinity; }, "base_offset",
                 "base_offset"},
        RuleCase{"infinite_headroom", [](M& m) { m.alternate_hdr_headroom = kInfinity; },
                 "alternate_hdr_headroom", "alternate_hdr_headroom"},
        RuleCase{"gamma_0", [](M& m) { m.gamma.fill(0); }, "gamma is 0", "gamma is 0"},
        RuleCase{"gamma_negative_in_blue", [](M& m) { m.gamma[2] = -1; }, "gamma is -1",
                 "gamma is -1"},
        RuleCase{"tiny_gamma", [](M& m) { m.gamma.fill(0.25); }, "", ""},
        RuleCase{"max_below_min", [](M& m) { m.gain_map_min.fill(3); }, "is below", "is below"},
        RuleCase{"max_is_min", [](M& m) { m.gain_map_min.fill(2); }, "", "says nothing"},
        RuleCase{"pure_darkening",
                 [](M& m) {
                   m.gain_map_min.fill(-3);
                   m.gain_map_max.fill(-0.5);
                 },
                 "", ""},
        RuleCase{"negative_base_offset", [](M& m) { m.base_offset.fill(-0.01); }, "",
                 "base_offset is negative"},
        RuleCase{"negative_alternate_offset", [](M& m) { m.alternate_offset.fill(-0.01); }, "",
                 "alternate_offset is negative"},
        RuleCase{"large_offsets", [](M& m) { m.base_offset.fill(10.31); }, "", ""},
        RuleCase{"equal_headrooms", [](M& m) { m.base_hdr_headroom = 2; }, "is not above",
                 "is not above"},
        RuleCase{"hdr_base", [](M& m) { m.base_hdr_headroom = 3; }, "is not above", "is not above"},
        RuleCase{"headroom_difference_too_small_to_write",
                 [](M& m) { m.base_hdr_headroom = 1.9995; }, "", "is not above"},
        RuleCase{"negative_base_headroom", [](M& m) { m.base_hdr_headroom = -1; }, "",
                 "base_hdr_headroom is negative"},
        RuleCase{"headroom_without_room", [](M& m) { m.alternate_hdr_headroom = 0; },
                 "is not above", "is not above"},
        RuleCase{"does_not_fit_a_fraction", [](M& m) { m.gain_map_max.fill(2150); }, "",
                 "too large"}),
    [](const auto& row) { return row.param.name; });

TEST(BrokenRulesTest, ABlackPictureIsReadButNotWritten) {
  GainMapMetadata black;
  for (const double headroom : {0.0, 1e-6}) {
    black.alternate_hdr_headroom = headroom;
    EXPECT_THAT(BrokenRules(black, MetadataUse::kRead), testing::IsEmpty());
    EXPECT_FALSE(BrokenRules(black, MetadataUse::kWrite).empty());
  }
}

TEST(BrokenRulesTest, FractionsThatWereReadFit) {
  GainMapFractions fractions = FractionsOf(TwoStops());
  fractions.gain_map_max.fill({3000, 1});
  EXPECT_THAT(BrokenRules(MetadataFrom(fractions, true), MetadataUse::kWrite), testing::IsEmpty());
}

TEST(IsHdrBaseTest, HeadroomsDecide) {
  GainMapMetadata metadata = TwoStops();
  EXPECT_FALSE(IsHdrBase(metadata));
  metadata.base_hdr_headroom = 2.5;
  EXPECT_TRUE(IsHdrBase(metadata));
}

struct FractionCase {
  double value;
  std::int64_t numerator;
  std::uint32_t denominator;
};

TEST(FractionsOfTest, LargerDenominatorsWhereTheValueNeedsThem) {
  for (const auto& [value, numerator, denominator] :
       {FractionCase{0, 0, 1'000'000}, FractionCase{1.0 / 64, 15'625, 1'000'000},
        FractionCase{2.5, 2'500'000, 1'000'000}, FractionCase{-14.3, -14'300'000, 1'000'000},
        FractionCase{1e-5, 10, 1'000'000}, FractionCase{1e-7, 1, 10'000'000},
        FractionCase{1.23456e-4, 123'456, 1'000'000'000},
        FractionCase{-2147, -2'147'000'000, 1'000'000}, FractionCase{1e-12, 0, 1'000'000'000}}) {
    GainMapMetadata metadata = TwoStops();
    metadata.gain_map_min.fill(value);
    EXPECT_EQ(FractionsOf(metadata).gain_map_min[1], (Fraction{numerator, denominator})) << value;
  }
}

TEST(FractionsOfTest, RelativeErrorAndFields) {
  // Any magnitude that 10^9 and 32 bits can hold to 1e-6.
  for (double value = 1e-3; value < 2147; value *= 1.0371) {
    GainMapMetadata metadata = TwoStops();
    metadata.gain_map_max.fill(value);
    metadata.gain_map_min.fill(-value);
    metadata.gamma.fill(value);
    metadata.alternate_hdr_headroom = value;
    const GainMapFractions fractions = FractionsOf(metadata);
    EXPECT_NEAR(fractions.gain_map_max[0].value(), value, 1e-6 * value);
    EXPECT_NEAR(fractions.gain_map_min[2].value(), -value, 1e-6 * value);
    EXPECT_NEAR(fractions.gamma[1].value(), value, 1e-6 * value);
    EXPECT_NEAR(fractions.alternate_hdr_headroom.value(), value, 1e-6 * value);
    EXPECT_LE(fractions.gain_map_max[0].numerator, std::numeric_limits<std::int32_t>::max());
    EXPECT_GE(fractions.gain_map_min[0].numerator, std::numeric_limits<std::int32_t>::min());
    EXPECT_LE(fractions.gamma[0].numerator, std::numeric_limits<std::uint32_t>::max());
  }
}

TEST(FractionsOfTest, AnyNumberGivesADenominator) {
  for (const double value : {kNan, kInfinity, -kInfinity, 1e300, -1e300, 1e-300}) {
    GainMapMetadata metadata = TwoStops();
    metadata.gain_map_max.fill(value);
    EXPECT_GT(FractionsOf(metadata).gain_map_max[0].denominator, 0U) << value;
  }
}

TEST(FractionsOfTest, FractionsThatWereReadComeBack) {
  GainMapFractions fractions = FractionsOf(TwoStops());
  fractions.gain_map_max = {{{7, 3}, {8, 3}, {9, 4}}};
  fractions.alternate_hdr_headroom = {11, 4};
  const GainMapMetadata metadata = MetadataFrom(fractions, false);
  EXPECT_EQ(metadata.gain_map_max[1], 8.0 / 3);
  EXPECT_EQ(metadata.alternate_hdr_headroom, 2.75);
  EXPECT_FALSE(metadata.use_base_color_space);
  EXPECT_FALSE(metadata.IsSingleChannel());
  EXPECT_EQ(FractionsOf(metadata), fractions);
}

TEST(WithBoostTest, ScalesRangeAndHeadroomAlike) {
  GainMapMetadata metadata = TwoStops();
  metadata.gain_map_min = {-0.5, 0, 0.25};
  metadata.gain_map_max = {2, 3, 2.5};
  metadata.fractions = FractionsOf(metadata);
  const auto boosted = WithBoost(metadata, 3);
  ASSERT_TRUE(boosted);
  EXPECT_EQ(boosted->gain_map_min, (std::array<double, 3>{-0.75, 0, 0.375}));
  EXPECT_EQ(boosted->gain_map_max, (std::array<double, 3>{3, 4.5, 3.75}));
  EXPECT_EQ(boosted->alternate_hdr_headroom, 3);
  EXPECT_EQ(boosted->base_offset, metadata.base_offset);
  EXPECT_EQ(boosted->gamma, metadata.gamma);
  EXPECT_FALSE(boosted->fractions) << "they hold the old numbers";
}

TEST(WithBoostTest, RefusesWhatIsNoBoost) {
  for (const double boost : {0.0, -1.0, 0.0999, 6.001, kNan, kInfinity}) {
    const auto refused = WithBoost(TwoStops(), boost);
    ASSERT_FALSE(refused) << boost;
    EXPECT_EQ(refused.error().code, ErrorCode::kBadArgument);
  }
  EXPECT_TRUE(WithBoost(TwoStops(), 0.1));
  EXPECT_TRUE(WithBoost(TwoStops(), 6));
}

TEST(WithStrengthTest, ScalesRangeAndHeadroomAlike) {
  GainMapMetadata metadata = TwoStops();
  metadata.gain_map_min = {-0.5, 0, 0.25};
  metadata.gain_map_max = {2, 3, 2.5};
  metadata.fractions = FractionsOf(metadata);
  const auto half = WithStrength(metadata, 0.5);
  ASSERT_TRUE(half);
  EXPECT_EQ(half->gain_map_min, (std::array<double, 3>{-0.25, 0, 0.125}));
  EXPECT_EQ(half->gain_map_max, (std::array<double, 3>{1, 1.5, 1.25}));
  EXPECT_EQ(half->alternate_hdr_headroom, metadata.alternate_hdr_headroom / 2);
  EXPECT_EQ(half->base_offset, metadata.base_offset);
  EXPECT_FALSE(half->fractions) << "they hold the old numbers";
}

TEST(WithStrengthTest, RefusesWhatIsNoShareAndWhatLeavesNothing) {
  for (const double strength : {-0.1, 1.001, kNan, kInfinity}) {
    const auto refused = WithStrength(TwoStops(), strength);
    ASSERT_FALSE(refused) << strength;
    EXPECT_EQ(refused.error().code, ErrorCode::kBadArgument);
  }
  const auto nothing = WithStrength(TwoStops(), 0);
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().code, ErrorCode::kNoGainMap);
}

TEST(WithBoostTest, ABlackPictureStaysUnwritable) {
  const auto boosted = WithBoost(GainMapMetadata{}, 2);
  ASSERT_TRUE(boosted);
  EXPECT_THAT(BrokenRules(*boosted, MetadataUse::kWrite),
              testing::ElementsAre(testing::HasSubstr("says nothing")));
}

}  // namespace
}  // namespace hdrp
