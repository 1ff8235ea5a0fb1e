// hdrgm texts as numbers, and fractions as texts.
#include <gtest/gtest.h>

#include <array>
#include <clocale>
#include <cmath>
#include <limits>

#include "metadata/xmp.h"

namespace hdrp {
namespace {

struct DecimalCase {
  Fraction value;
  std::string text;
};

TEST(FixedWidthDecimal, IsExactAndSixteenCharactersWide) {
  constexpr std::int64_t kS32 = std::numeric_limits<std::int32_t>::max();
  const std::vector<DecimalCase> rows = {
      {{2990012, 1000000}, "2.99001200000000"},
      {{-720215, 1000000}, "-0.7202150000000"},
      {{0, 1}, "0.00000000000000"},
      {{1, 64}, "0.01562500000000"},
      {{1031, 100}, "10.3100000000000"},
      {{492, 10}, "49.2000000000000"},
      {{2, 3}, "0.66666666666667"},
      {{-1, 3}, "-0.3333333333333"},
      {{5, 1000000000}, "0.00000000500000"},
      {{1, 4294967295}, "0.00000000023283"},
      {{4294967294, 4294967295}, "0.99999999976717"},
      {{4294967295, 1}, "4294967295.00000"},
      {{4294967295, 2}, "2147483647.50000"},
      {{-kS32 - 1, 1}, "-2147483648.0000"},
      {{kS32, 4294967295}, "0.49999999988358"},
      {{1, 3 * 65536}, "0.00000508626302"},
      {{15, 32}, "0.46875000000000"},
      {{999999999, 100000000}, "9.99999999000000"},
  };
  for (const auto& [value, text] : rows) {
    EXPECT_EQ(FixedWidthDecimal(value), text);
    EXPECT_EQ(FixedWidthDecimal(value).size(), 16U);
  }
}

TEST(FixedWidthDecimal, KnowsNoLocale) {
  const std::string before = std::setlocale(LC_ALL, nullptr);
  // Any locale with a decimal comma will do; without one the test still holds for "C".
  for (const char* name : {"de_DE.UTF-8", "fr_FR.UTF-8"}) (void)std::setlocale(LC_ALL, name);
  EXPECT_EQ(FixedWidthDecimal({5, 2}), "2.50000000000000");
  (void)std::setlocale(LC_ALL, before.c_str());
}

/// A complete set of values with one GainMapMax text.
HdrgmValues WithMax(std::string text) {
  HdrgmValues values;
  values.gain_map_max = {{std::move(text)}};
  values.capacity_max = "2";
  return values;
}

struct TextCase {
  std::string text;
  double value;
  double error;  ///< 0 where a fraction with a denominator up to 10^9 holds the text exactly
};

TEST(MetadataFromHdrgm, TextsBecomeTheNearestFractions) {
  const std::vector<TextCase> rows = {
      {"2.990012", 2.990012, 0},
      {"+3.5", 3.5, 0},
      {" 3.5\n", 3.5, 0},
      {"0", 0, 0},
      {"-0.0", 0, 0},
      {"16.86", 16.86, 0},
      {"-14.3", -14.3, 0},
      {"1e-7", 1e-7, 0},
      {"2.5E0", 2.5, 0},
      {"123456789e-9", 0.123456789, 0},
      {"2147.483647", 2147.483647, 0},
      {"5.669676684354795", 5.669676684354795, 1e-8},
      {"0.333333333333333", 0.333333333333333, 1e-9},
      {"2000000.25", 2000000.25, 0},
  };
  for (const auto& [text, value, error] : rows) {
    const auto metadata = MetadataFromHdrgm(WithMax(text));
    ASSERT_TRUE(metadata) << text << ": " << metadata.error().message;
    EXPECT_NEAR(metadata->gain_map_max[2], value, error) << text;
    ASSERT_TRUE(metadata->fractions) << text;
    EXPECT_EQ(metadata->fractions->gain_map_max[0].value(), metadata->gain_map_max[0]) << text;
  }
}

TEST(MetadataFromHdrgm, WhatIsNoNumberIsRefusedByName) {
  for (const std::string_view text : {"", " ", "abc", "1,5", "0x10", "1.5.2", "nan", "inf", "-INF",
                                      "1e999", "3000000000", "1e300", "+-1", "--1", "1 2"}) {
    const auto metadata = MetadataFromHdrgm(WithMax(std::string(text)));
    ASSERT_FALSE(metadata) << text;
    EXPECT_EQ(metadata.error().code, ErrorCode::kBadInput);
    EXPECT_NE(metadata.error().message.find("hdrgm:GainMapMax"), std::string::npos);
  }
  HdrgmValues negative = WithMax("1");
  negative.gamma = {{"-1"}};
  EXPECT_FALSE(MetadataFromHdrgm(negative));
}

TEST(MetadataFromHdrgm, DefaultsAreTheSpecifications) {
  const auto metadata = MetadataFromHdrgm(WithMax("1.5"));
  ASSERT_TRUE(metadata);
  EXPECT_EQ(metadata->gain_map_min[0], 0);
  EXPECT_EQ(metadata->gamma[0], 1);
  EXPECT_EQ(metadata->base_offset[0], 1.0 / 64);
  EXPECT_EQ(metadata->alternate_offset[0], 1.0 / 64);
  EXPECT_EQ(metadata->base_hdr_headroom, 0);
  EXPECT_EQ(metadata->alternate_hdr_headroom, 2);
  EXPECT_TRUE(metadata->use_base_color_space);
  EXPECT_TRUE(metadata->IsSingleChannel());
}

TEST(MetadataFromHdrgm, RequiredValuesAreNamedWhenTheyAreMissing) {
  HdrgmValues values = WithMax("1");
  values.capacity_max.reset();
  EXPECT_EQ(MetadataFromHdrgm(values).error().message, "hdrgm:HDRCapacityMax is missing");
  values = WithMax("1");
  values.gain_map_max.reset();
  EXPECT_EQ(MetadataFromHdrgm(values).error().message, "hdrgm:GainMapMax is missing");
}

TEST(MetadataFromHdrgm, OneOrThreeChannels) {
  HdrgmValues values = WithMax("1");
  values.gain_map_max = {{"3.5", "3.6", "3.7"}};
  const auto metadata = MetadataFromHdrgm(values);
  ASSERT_TRUE(metadata);
  EXPECT_EQ(metadata->gain_map_max, (std::array<double, 3>{3.5, 3.6, 3.7}));
  values.gain_map_max = {{"3.5", "3.6"}};
  EXPECT_EQ(MetadataFromHdrgm(values).error().message,
            "hdrgm:GainMapMax has 2 values, expected 1 or 3");
  values.gain_map_max = {std::vector<std::string>{}};
  EXPECT_FALSE(MetadataFromHdrgm(values));
}

TEST(MetadataFromHdrgm, AnHdrBaseSwapsTheHeadrooms) {
  for (const char* text : {"True", "true", " True "}) {
    HdrgmValues values = WithMax("1");
    values.capacity_min = "0.5";
    values.base_rendition_is_hdr = text;
    const auto metadata = MetadataFromHdrgm(values);
    ASSERT_TRUE(metadata);
    EXPECT_EQ(metadata->base_hdr_headroom, 2);
    EXPECT_EQ(metadata->alternate_hdr_headroom, 0.5);
  }
}

TEST(MetadataFromHdrgm, ReadsBackWhatWeWrite) {
  GainMapMetadata metadata;
  metadata.gain_map_min = {-0.720215, -1.0 / 3, 0};
  metadata.gain_map_max = {1.886452, 10.31, 4.4};
  metadata.gamma = {1.111328, 0.25, 1.85};
  metadata.base_offset = {1e-5, 1e-7, 0};
  metadata.alternate_offset = {1.0 / 64, 10.31, 0.0175};
  metadata.alternate_hdr_headroom = 2.300448;
  for (const bool single : {false, true}) {
    if (single) {
      for (auto* field : {&metadata.gain_map_min, &metadata.gain_map_max, &metadata.gamma,
                          &metadata.base_offset, &metadata.alternate_offset}) {
        field->fill((*field)[0]);
      }
    }
    const auto facts = ReadXmp(WriteMapXmp(metadata));
    ASSERT_TRUE(facts && facts->hdrgm);
    const auto read = MetadataFromHdrgm(*facts->hdrgm);
    ASSERT_TRUE(read) << read.error().message;
    const GainMapFractions written = FractionsOf(metadata);
    for (std::size_t c = 0; c < 3; ++c) {
      EXPECT_NEAR(read->gain_map_min[c], written.gain_map_min[c].value(), 1e-9);
      EXPECT_NEAR(read->gain_map_max[c], written.gain_map_max[c].value(), 1e-8);
      EXPECT_NEAR(read->gamma[c], written.gamma[c].value(), 1e-9);
      EXPECT_EQ(read->base_offset[c], written.base_offset[c].value());
      EXPECT_NEAR(read->alternate_offset[c], written.alternate_offset[c].value(), 1e-8);
    }
    EXPECT_EQ(read->alternate_hdr_headroom, 2.300448);
    EXPECT_EQ(read->IsSingleChannel(), single);
  }
}

}  // namespace
}  // namespace hdrp
