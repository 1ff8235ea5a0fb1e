#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "color/icc.h"
#include "gainmap/apply.h"
#include "gainmap/exp2.h"
#include "gainmap/gain_rows.h"
#include "gainmap/half.h"
#include "support/every_target.h"

namespace hdrp {
namespace {

using test::OnEveryTarget;

template <typename T>
auto BitsOf(const std::vector<T>& values) {
  std::vector<std::uint32_t> bits;
  for (const T v : values) bits.push_back(std::bit_cast<std::uint32_t>(v));
  return bits;
}

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

/// `pixels` of them, with the values that kernels get wrong among the first.
std::vector<float> Samples(std::size_t count, float low, float high, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> value(low, high);
  std::vector<float> samples(count);
  for (float& sample : samples) sample = value(random);
  return samples;
}

ApplyConstants Constants() {
  GainMapMetadata metadata;
  metadata.base_offset = {1.0 / 64, 0.0175, 10.31};
  metadata.alternate_offset = {1e-7, 0.5, 1.0 / 64};
  return ApplyConstantsOf(metadata, 0.625);
}

TEST(ApplyGainRowTest, EveryTargetGivesTheTwinsBits) {
  for (const std::size_t pixels : {0UL, 1UL, 2UL, 3UL, 7UL, 8UL, 15UL, 16UL, 17UL, 33UL, 1001UL}) {
    for (const std::size_t gains : {pixels, 3 * pixels}) {
      const std::vector<float> base = Samples(3 * pixels, -0.1F, 1.2F, 1);
      std::vector<float> stops = Samples(gains, -20, 20, 2);
      const std::vector<float> odd = {0,    -0.0F, -1000, 1000,      203,
                                      -202, 0.8F,  kNan,  kInfinity, -kInfinity};
      if (gains > odd.size()) std::ranges::copy(odd, stops.begin());
      std::vector<float> expected(3 * pixels);
      ApplyGainRowScalar(base, stops, Constants(), expected);
      OnEveryTarget([&] {
        std::vector<float> found(3 * pixels);
        ApplyGainRow(base, stops, Constants(), found);
        EXPECT_EQ(BitsOf(found), BitsOf(expected)) << pixels << " pixels, " << gains << " gains";
      });
    }
  }
}

TEST(ApplyGainRowTest, OneGainIsThreeEqualOnes) {
  constexpr std::size_t kPixels = 123;
  const std::vector<float> base = Samples(3 * kPixels, 0, 1, 3);
  const std::vector<float> one = Samples(kPixels, -3, 5, 4);
  std::vector<float> three;
  for (const float stops : one) three.insert(three.end(), 3, stops);
  std::vector<float> by_one(base.size());
  std::vector<float> by_three(base.size());
  ApplyGainRow(base, one, Constants(), by_one);
  ApplyGainRow(base, three, Constants(), by_three);
  EXPECT_EQ(BitsOf(by_one), BitsOf(by_three));
}

TEST(ApplyGainRowTest, NoWeightIsTheBase) {
  constexpr std::size_t kPixels = 40;
  const std::vector<float> base = Samples(3 * kPixels, 0, 1, 5);
  std::vector<float> hdr(base.size());
  ApplyGainRow(base, Samples(kPixels, -3, 5, 6), ApplyConstantsOf(GainMapMetadata{}, 0), hdr);
  for (std::size_t i = 0; i < hdr.size(); ++i) ASSERT_NEAR(hdr[i], base[i], 1e-7);
}

TEST(ApplyGainRowTest, AWholeStopMoreDoubles) {
  const std::vector<float> base = Samples(300, 0, 1, 8);
  const std::vector<float> stops = Samples(300, -2, 4, 9);
  std::vector<float> more = stops;
  for (float& s : more) s += 1;
  const ApplyConstants constants{.weight = 1, .base_offset = {0.015625F, 0.015625F, 0.015625F}};
  std::vector<float> once(300);
  std::vector<float> twice(300);
  ApplyGainRow(base, stops, constants, once);
  ApplyGainRow(base, more, constants, twice);
  // `more` is rounded to single precision: up to 2^-22 stops.
  for (std::size_t i = 0; i < 300; ++i) ASSERT_NEAR(twice[i], 2 * once[i], 4e-7F * twice[i]);
}

TEST(Exp2Test, IsWithinOneTenMillionth) {
  for (double x = -126; x <= 127; x += 0.00217) {
    const float at = static_cast<float>(x);
    const double exact = std::exp2(static_cast<double>(at));
    ASSERT_NEAR(static_cast<double>(Exp2Scalar(at)), exact, 1e-7 * exact) << x;
  }
  for (int n = -126; n <= 127; ++n) {
    ASSERT_EQ(Exp2Scalar(static_cast<float>(n)), std::ldexp(1.0F, n)) << "whole stops are exact";
  }
  EXPECT_EQ(Exp2Scalar(kInfinity), std::ldexp(1.0F, 127));
  EXPECT_EQ(Exp2Scalar(-1e30F), std::ldexp(1.0F, -126));
  EXPECT_EQ(Exp2Scalar(kNan), std::ldexp(1.0F, -126));
}

// Linear luminance of base codes 64, 128, 192, 255 (columns) under map codes 0, 85, 170, 255
// (rows): a chart of 2 stops with offsets 1/64, as Chromium and libultrahdr show it.
TEST(ApplyGainRowTest, TheChartsKnownValues) {
  using Rows = std::array<std::array<double, 4>, 4>;
  constexpr Rows kFull = {{{0.0513, 0.2159, 0.5271, 1.0000},
                           {0.0906, 0.3518, 0.8459, 1.5966},
                           {0.1529, 0.5677, 1.3520, 2.5436},
                           {0.2520, 0.9103, 2.1553, 4.0469}}};
  constexpr Rows kHalf = {{{0.0513, 0.2159, 0.5271, 1.0000},
                           {0.0687, 0.2760, 0.6682, 1.2640},
                           {0.0906, 0.3518, 0.8459, 1.5966},
                           {0.1182, 0.4473, 1.0699, 2.0156}}};
  GainMapMetadata metadata;
  metadata.gain_map_max.fill(2);
  metadata.alternate_hdr_headroom = 2;
  const BaseColor color = SrgbColor();
  const auto stops_of_code = StopsOfCodes(metadata, 0);
  for (const auto& [headroom, expected] :
       {std::pair{5.0, kFull}, std::pair{2.0, kFull}, std::pair{1.0, kHalf}}) {
    for (std::size_t row = 0; row < 4; ++row) {
      constexpr std::array<std::uint8_t, 4> kBaseCodes = {64, 128, 192, 255};
      const std::vector<float> stops(4, stops_of_code[85 * row]);
      std::vector<float> base(12);
      std::vector<float> hdr(12);
      LinearFromCodes(kBaseCodes, color, base);
      ApplyGainRow(base, stops, ApplyConstantsOf(metadata, WeightOf(metadata, headroom)), hdr);
      for (std::size_t i = 0; i < 12; ++i) {
        EXPECT_NEAR(hdr[i], expected[row][i / 3], 1e-4) << headroom << ", row " << row;
      }
    }
  }
}

EncodedGainMap RandomMap(int width, int height, int channels) {
  std::mt19937 random(21);
  EncodedGainMap map{Plane<std::uint8_t>(width, height, channels), {}};
  map.metadata.gain_map_min = {-1, 0, 0.5};
  map.metadata.gain_map_max = {2, 3, 4};
  map.metadata.gamma = {1, 0.5, 2};
  for (int y = 0; y < height; ++y) {
    for (std::uint8_t& code : map.codes.view().RowSpan(y)) {
      code = static_cast<std::uint8_t>(random() % 256);
    }
  }
  return map;
}

TEST(GainRowsTest, AreTheResizedGain) {
  for (const int channels : {1, 3}) {
    for (const auto& [map_width, map_height, width, height] :
         {std::tuple{5, 4, 20, 16}, std::tuple{5, 4, 5, 4}, std::tuple{1, 1, 3, 2},
          std::tuple{2, 7, 9, 7}, std::tuple{73, 61, 256, 256}}) {
      const EncodedGainMap map = RandomMap(map_width, map_height, channels);
      const Log2Gain expected = ResizeGain(DecodeGain(map), width, height);
      const GainRows rows(map, width, height);
      std::vector<float> row(static_cast<std::size_t>(width * rows.channels()));
      for (int y = 0; y < height; ++y) {
        rows.Row(y, row);
        const auto wanted = expected.stops.view().RowSpan(y);
        for (std::size_t i = 0; i < row.size(); ++i) ASSERT_NEAR(row[i], wanted[i], 2e-6);
      }
    }
  }
}

TEST(GainRowsTest, AFullSizeMapIsTakenAsItIs) {
  const EncodedGainMap map = RandomMap(31, 9, 3);
  const Log2Gain decoded = DecodeGain(map);
  const GainRows rows(map, 31, 9);
  std::vector<float> row(3 * 31);
  for (int y = 0; y < 9; ++y) {
    rows.Row(y, row);
    EXPECT_TRUE(std::ranges::equal(row, decoded.stops.view().RowSpan(y))) << y;
  }
}

TEST(GainRowsTest, ALargerMapIsSampledInsideIt) {
  const EncodedGainMap map = RandomMap(40, 40, 1);
  const GainRows rows(map, 13, 13);
  const auto stops = StopsOfCodes(map.metadata, 0);
  std::vector<float> row(13);
  for (int y = 0; y < 13; ++y) {
    rows.Row(y, row);
    for (const float value : row) {
      ASSERT_GE(value, stops.front());
      ASSERT_LE(value, stops.back());
    }
  }
}

TEST(GainRowsTest, OneChannelRepeatsOnRequest) {
  const EncodedGainMap map = RandomMap(6, 5, 1);
  const GainRows rows(map, 24, 20);
  std::vector<float> one(24);
  std::vector<float> three(72);
  for (int y = 0; y < 20; ++y) {
    rows.Row(y, one);
    rows.Row(y, three);
    for (std::size_t i = 0; i < 72; ++i) ASSERT_EQ(three[i], one[i / 3]);
  }
}

/// IEEE 754 binary16, finite values.
float ValueOfHalf(unsigned bits) {
  const int exponent = static_cast<int>(bits >> 10 & 31);
  const int mantissa = static_cast<int>(bits & 1023);
  const float magnitude = exponent == 0
                              ? std::ldexp(static_cast<float>(mantissa), -24)
                              : std::ldexp(static_cast<float>(1024 + mantissa), exponent - 25);
  return (bits & 0x8000) != 0 ? -magnitude : magnitude;
}

TEST(HalfFromFloatRowTest, NearestAndTiesToEvenOnEveryTarget) {
  std::vector<float> values;
  std::vector<std::uint16_t> expected;
  const auto add = [&](float value, unsigned half) {
    for (const unsigned sign : {0U, 0x8000U}) {
      values.push_back(sign != 0 ? -value : value);
      expected.push_back(static_cast<std::uint16_t>(half | sign));
    }
  };
  constexpr unsigned kLargest = 0x7BFF;
  for (unsigned half = 0; half < kLargest; ++half) {
    const float here = ValueOfHalf(half);
    const float middle = (here + ValueOfHalf(half + 1)) / 2;  // exact
    add(here, half);
    add(middle, half + half % 2);
    add(std::nextafter(middle, 0.0F), half);
    add(std::nextafter(middle, kInfinity), half + 1);
  }
  for (const float beyond : {65504.0F, 65519.0F, 65520.0F, 1e30F, kInfinity}) add(beyond, kLargest);
  values.push_back(kNan);
  expected.push_back(kLargest);
  const auto expect_all = [&](auto convert) {
    std::vector<std::uint16_t> halves(values.size());
    convert(values, halves);
    for (std::size_t i = 0; i < values.size(); ++i) {
      ASSERT_EQ(halves[i], expected[i]) << values[i];
    }
  };
  expect_all([](auto& in, auto& out) { HalfFromFloatRowScalar(in, out); });
  OnEveryTarget([&] { expect_all([](auto& in, auto& out) { HalfFromFloatRow(in, out); }); });
}

}  // namespace
}  // namespace hdrp
