#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "gainmap/apply.h"
#include "gainmap/derive.h"
#include "gainmap/fine_gain.h"
#include "gainmap/log2.h"
#include "support/every_target.h"

namespace hdrp {
namespace {

constexpr std::array<float, 3> kRec709Luminance = {0.2126F, 0.7152F, 0.0722F};

std::vector<float> Samples(std::size_t count, float low, float high, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> value(low, high);
  std::vector<float> samples(count);
  for (float& sample : samples) sample = value(random);
  return samples;
}

std::vector<std::uint32_t> BitsOf(const std::vector<float>& values) {
  std::vector<std::uint32_t> bits;
  for (const float v : values) bits.push_back(std::bit_cast<std::uint32_t>(v));
  return bits;
}

/// A picture whose every pixel is grey `light(x, y)`.
Plane<float> Grey(int width, int height, const auto& light) {
  Plane<float> plane(width, height, 3);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < 3; ++c) plane.view().At(x, y, c) = light(x, y);
    }
  }
  return plane;
}

FineGain Collected(Plane<float> hdr, const Plane<float>& base, int channels = 1) {
  FineGainCollector collector(base.width(), base.height(), channels, kRec709Luminance);
  collector.Add(hdr.view(), base.view());
  return collector.Take();
}

TEST(Log2Test, IsTheLogarithm) {
  std::mt19937 random(1);
  std::uniform_real_distribution<double> stops(-120, 120);
  for (int i = 0; i < 100000; ++i) {
    const auto x = static_cast<float>(std::exp2(stops(random)));
    const double expected = std::log2(static_cast<double>(x));
    ASSERT_NEAR(Log2Scalar(x), expected, 1e-6 + 1e-7 * std::abs(expected)) << x;
  }
  EXPECT_EQ(Log2Scalar(1), 0);
  EXPECT_EQ(Log2Scalar(8), 3);
  EXPECT_EQ(Log2Scalar(0.25F), -2);
}

TEST(DeriveGainRowTest, EveryTargetGivesTheTwinsBits) {
  for (const std::size_t pixels : {0UL, 1UL, 3UL, 7UL, 8UL, 17UL, 33UL, 1001UL}) {
    for (const std::size_t gains : {pixels, 3 * pixels}) {
      const auto hdr = Samples(3 * pixels, -0.5F, 40, 1);
      const auto base = Samples(3 * pixels, -0.01F, 1, 2);
      std::vector<float> expected(gains);
      std::vector<float> luminance(pixels);
      DeriveGainRowScalar({hdr, base}, expected, luminance);
      test::OnEveryTarget([&] {
        std::vector<float> stops(gains);
        std::vector<float> y(pixels);
        DeriveGainRow({hdr, base}, stops, y);
        EXPECT_EQ(BitsOf(stops), BitsOf(expected));
        EXPECT_EQ(BitsOf(y), BitsOf(luminance));
      });
    }
  }
}

struct GainCase {
  const char* name;
  float hdr, base;
  double stops;
};

TEST(DeriveGainRowTest, TableOfGains) {
  const std::vector<GainCase> rows = {
      {"equal", 0.4F, 0.4F, 0},
      {"white at two stops", 4, 1, std::log2((4 + 1.0 / 64) / (1 + 1.0 / 64))},
      {"black stays black", 0, 0, 0},
      {"darker", 0.1F, 0.2F, std::log2((0.1 + 1.0 / 64) / (0.2 + 1.0 / 64))},
      {"negative light counts as none", -3, 0, 0},
      {"the brightest float", 3e38F, 1, std::log2(3e38 / (1 + 1.0 / 64))},
  };
  for (const auto& [name, hdr, base, stops] : rows) {
    const std::vector<float> h(3, hdr);
    const std::vector<float> b(3, base);
    std::vector<float> one(1);
    std::vector<float> three(3);
    std::vector<float> y(1);
    DeriveGainRow({h, b}, one, y);
    EXPECT_NEAR(one[0], stops, 2e-5) << name;
    DeriveGainRow({h, b}, three, y);
    for (const float gain : three) EXPECT_NEAR(gain, stops, 2e-5) << name;
  }
}

TEST(FineGainTest, ApplyingGivesTheRenditionBack) {
  const int width = 64;
  const int height = 40;
  const auto base_light = [](int x, int y) { return static_cast<float>(x + y) / 103; };
  const auto hdr_light = [&](int x, int y) {
    const float v = base_light(x, y);
    return v + 5 * v * v * v * v;
  };
  const Plane<float> base = Grey(width, height, base_light);
  const Plane<float> hdr = Grey(width, height, hdr_light);
  for (const int channels : {1, 3}) {
    const FineGain gain = Collected(hdr.Clone(), base, channels);
    const auto metadata = MetadataFor(gain);
    ASSERT_TRUE(metadata);
    const EncodedGainMap map = EncodeFineGain(gain.units.view(), 1, *metadata);
    const Log2Gain decoded = DecodeGain(map);
    const double bound = (metadata->gain_map_max[0] - metadata->gain_map_min[0]) / 255 / 2 + 1e-3;
    std::vector<float> shown(3 * static_cast<std::size_t>(width));
    for (int y = 0; y < height; ++y) {
      ApplyGainRow(base.view().RowSpan(y), decoded.stops.view().RowSpan(y),
                   ApplyConstantsOf(*metadata, 1), shown);
      for (int x = 0; x < width; ++x) {
        const double wanted = static_cast<double>(hdr_light(x, y)) + 1.0 / 64;
        const double found = static_cast<double>(shown[static_cast<std::size_t>(3 * x)]) + 1.0 / 64;
        // Below what is counted the range may clip.
        if (wanted <= 0.04) continue;
        ASSERT_NEAR(std::log2(found / wanted), 0, bound) << x << "," << y;
      }
    }
    const GainError error = ErrorOf(map, SampleOf(gain).view(), gain.sample_luminance.view());
    EXPECT_LE(error.max_stops, 2 * bound) << channels;
    EXPECT_GT(error.pixels, 0U);
    EXPECT_NEAR(error.peak_kept_stops, 0, 0.01);
  }
}

TEST(FineGainTest, EqualPicturesHaveNoMap) {
  const Plane<float> base = Grey(40, 33, [](int x, int) { return static_cast<float>(x) / 40; });
  EXPECT_FALSE(MetadataFor(Collected(base.Clone(), base)));
}

TEST(FineGainTest, BandsDoNotMatter) {
  const auto light = [](int x, int y) { return static_cast<float>(x * y % 97) / 97; };
  const Plane<float> base = Grey(50, 70, light);
  const Plane<float> hdr = Grey(50, 70, [&](int x, int y) { return 3 * light(x, y); });
  const FineGain whole = Collected(hdr.Clone(), base);
  FineGainCollector collector(50, 70, 1, kRec709Luminance);
  Plane<float> copy = hdr.Clone();
  for (int y = 0; y < 70; y += 7) {
    PlaneView<float> h = copy.view();
    h.data = copy.Row(y);
    h.height = 7;
    PlaneView<const float> b = base.view();
    b.data = base.Row(y);
    b.height = 7;
    collector.Add(h, b);
  }
  const FineGain banded = collector.Take();
  EXPECT_EQ(banded.histogram, whole.histogram);
  for (int y = 0; y < 70; ++y) {
    for (int x = 0; x < 50; ++x) {
      ASSERT_EQ(banded.units.view().At(x, y), whole.units.view().At(x, y));
    }
  }
}

TEST(FineGainTest, NonFinitePixelsAreReplacedAndCounted) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  const Plane<float> base = Grey(8, 4, [](int, int) { return 0.5F; });
  Plane<float> hdr = Grey(8, 4, [](int, int) { return 1.0F; });
  hdr.view().At(1, 0, 0) = nan;
  hdr.view().At(2, 0, 1) = infinity;
  hdr.view().At(3, 1, 2) = -infinity;
  const FineGain gain = Collected(std::move(hdr), base);
  EXPECT_EQ(gain.non_finite_pixels, 3U);
  EXPECT_EQ(gain.units.view().At(1, 0), 0) << "no gain where a component is missing";
  const auto stops_at = [&](int x, int y) {
    return static_cast<double>(gain.units.view().At(x, y)) / kFineUnitsPerStop;
  };
  const double offset = 1.0 / 64;
  EXPECT_NEAR(stops_at(2, 0), std::log2((0.2126 + 0.7152 * 64 + 0.0722 + offset) / (0.5 + offset)),
              0.001);
  EXPECT_NEAR(stops_at(3, 1), std::log2((1 - 0.0722 + offset) / (0.5 + offset)), 0.001);
}

TEST(FineGainTest, OneHotPixelDoesNotRuleTheRange) {
  const Plane<float> base = Grey(256, 256, [](int, int) { return 0.5F; });
  const auto light = [](int x, int) { return 0.5F + static_cast<float>(x) / 256; };
  Plane<float> hdr = Grey(256, 256, light);
  for (int c = 0; c < 3; ++c) hdr.view().At(100, 100, c) = 500;
  const auto metadata = MetadataFor(Collected(std::move(hdr), base));
  ASSERT_TRUE(metadata);
  const double brightest = 0.5 + 255.0 / 256;
  const double top = std::log2((brightest + 1.0 / 64) / (0.5 + 1.0 / 64));
  EXPECT_NEAR(metadata->gain_map_max[0], top + 1, 0.002);
  EXPECT_EQ(metadata->alternate_hdr_headroom, metadata->gain_map_max[0]);
}

TEST(FineGainTest, HeadroomNeverExceedsTheMap) {
  // Everything is lifted by one stop, highlights that were at white already shine at 2.
  const Plane<float> base = Grey(64, 64, [](int x, int) { return static_cast<float>(x) / 63; });
  const Plane<float> hdr = Grey(64, 64, [](int x, int) { return static_cast<float>(x) / 63 * 2; });
  const auto metadata = MetadataFor(Collected(hdr.Clone(), base));
  ASSERT_TRUE(metadata);
  EXPECT_LE(metadata->alternate_hdr_headroom, metadata->gain_map_max[0]);
  EXPECT_NEAR(metadata->alternate_hdr_headroom, 1, 0.03);
  EXPECT_TRUE(BrokenRules(*metadata, MetadataUse::kWrite).empty());
}

TEST(FineGainTest, LargePicturesAreJudgedByStrips) {
  const int width = 2000;
  const int height = 1501;
  const Plane<float> base = Grey(width, height, [](int, int) { return 0.5F; });
  const FineGain gain =
      Collected(Grey(width, height, [](int, int y) { return static_cast<float>(y); }), base);
  EXPECT_LE(gain.sample_luminance.height(), kSamplePixels / width + kSampleStripRows);
  EXPECT_GE(gain.sample_luminance.height(), 2 * kSampleStripRows);
  const Plane<std::int16_t> sample = SampleOf(gain);
  int row = 0;
  for (const int first : gain.sample_strips) {
    for (int y = first; y < std::min(first + kSampleStripRows, height); ++y, ++row) {
      ASSERT_NEAR(gain.sample_luminance.Row(row)[7], y, 0.01);
      ASSERT_EQ(sample.Row(row)[5], gain.units.Row(y)[5]);
    }
  }
  EXPECT_EQ(row, sample.height());
}

TEST(FineGainTest, ReducedMapsAverageInTheLogDomain) {
  const Plane<float> base = Grey(9, 6, [](int, int) { return 1.0F; });
  const Plane<float> hdr = Grey(9, 6, [](int x, int) { return x % 2 == 0 ? 1.0F : 4.0F; });
  const FineGain gain = Collected(hdr.Clone(), base);
  GainMapMetadata metadata;
  metadata.gain_map_max.fill(2);
  metadata.alternate_hdr_headroom = 2;
  const EncodedGainMap half = EncodeFineGain(gain.units.view(), 2, metadata);
  EXPECT_EQ(half.codes.width(), 5);
  EXPECT_EQ(half.codes.height(), 3);
  EXPECT_NEAR(half.codes.view().At(2, 1), 255 * 0.5, 26);  // 4 of 9 columns in each window
  const EncodedGainMap full = EncodeFineGain(gain.units.view(), 1, metadata);
  EXPECT_EQ(full.codes.view().At(0, 0), 0);
  EXPECT_NEAR(full.codes.view().At(1, 0), 255, 3);
}

}  // namespace
}  // namespace hdrp
