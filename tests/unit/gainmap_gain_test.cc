#include "gainmap/gain.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "gainmap/apply.h"

namespace hdrp {
namespace {

GainMapMetadata Range(double min, double max, double gamma = 1) {
  GainMapMetadata metadata;
  metadata.gain_map_min.fill(min);
  metadata.gain_map_max.fill(max);
  metadata.gamma.fill(gamma);
  metadata.alternate_hdr_headroom = std::max(max, 0.1);
  return metadata;
}

Log2Gain GainOf(int width, int height, int channels, auto&& value) {
  Log2Gain gain{Plane<float>(width, height, channels)};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < channels; ++c) {
        gain.stops.view().At(x, y, c) = static_cast<float>(value(x, y, c));
      }
    }
  }
  return gain;
}

struct QuantizeCase {
  std::string name;
  GainMapMetadata metadata;
};
void PrintTo(const QuantizeCase& row, std::ostream* out) { *out << row.name; }

class QuantizeTest : public testing::TestWithParam<QuantizeCase> {};

TEST_P(QuantizeTest, CodesComeBackAsTheyAre) {
  const GainMapMetadata& metadata = GetParam().metadata;
  EncodedGainMap map{Plane<std::uint8_t>(256, 1, 3), metadata};
  for (int code = 0; code < 256; ++code) {
    for (int c = 0; c < 3; ++c) {
      map.codes.view().At(code, 0, c) = static_cast<std::uint8_t>((code + 85 * c) % 256);
    }
  }
  const EncodedGainMap again = EncodeGain(DecodeGain(map), metadata);
  for (int c = 0; c < 3; ++c) {
    const auto stops = StopsOfCodes(metadata, c);
    for (int x = 0; x < 256; ++x) {
      const std::size_t before = map.codes.view().At(x, 0, c);
      const std::size_t after = again.codes.view().At(x, 0, c);
      // A gamma of 1/4 crowds the lowest codes closer than single precision tells apart.
      const bool distinct = before == 0 || stops[before] - stops[before - 1] > 1e-6F;
      if (distinct) {
        ASSERT_EQ(after, before);
      }
      ASSERT_NEAR(stops[after], stops[before], 2e-7);
    }
  }
}

TEST_P(QuantizeTest, ApplyingWhatWasDerivedIsWithinHalfACode) {
  const GainMapMetadata& metadata = GetParam().metadata;
  std::mt19937 random(2);
  std::uniform_real_distribution<double> base(0, 1);
  for (int i = 0; i < 2000; ++i) {
    std::array<float, 3> sdr{};
    std::array<float, 3> hdr{};
    for (std::size_t c = 0; c < 3; ++c) {
      std::uniform_real_distribution<double> gain(metadata.gain_map_min[c],
                                                  metadata.gain_map_max[c]);
      sdr[c] = static_cast<float>(base(random));
      hdr[c] = static_cast<float>((static_cast<double>(sdr[c]) + metadata.base_offset[c]) *
                                      std::exp2(gain(random)) -
                                  metadata.alternate_offset[c]);
    }
    const Log2Gain derived = GainOf(1, 1, 3, [&](int, int, int channel) {
      const auto c = static_cast<std::size_t>(channel);
      return std::log2((static_cast<double>(hdr[c]) + metadata.alternate_offset[c]) /
                       (static_cast<double>(sdr[c]) + metadata.base_offset[c]));
    });
    const EncodedGainMap map = EncodeGain(derived, metadata);
    const Log2Gain decoded = DecodeGain(map);
    std::array<float, 3> applied{};
    ApplyGainRow(sdr, decoded.stops.view().RowSpan(0), ApplyConstantsOf(metadata, 1), applied);
    for (std::size_t c = 0; c < 3; ++c) {
      // Half a code on the side of the curve where codes lie further apart.
      const auto stops = StopsOfCodes(metadata, static_cast<int>(c));
      const std::size_t code = map.codes.view().At(0, 0, static_cast<int>(c));
      const double q = metadata.gamma[c];
      const auto at = [&](double position) {
        const double share = std::pow(std::clamp(position / 255, 0.0, 1.0), 1 / q);
        return metadata.gain_map_min[c] +
               (metadata.gain_map_max[c] - metadata.gain_map_min[c]) * share;
      };
      const double position = static_cast<double>(code);
      const double bound = std::max(static_cast<double>(stops[code]) - at(position - 0.5),
                                    at(position + 0.5) - static_cast<double>(stops[code]));
      const double error =
          std::abs(std::log2((static_cast<double>(applied[c]) + metadata.alternate_offset[c]) /
                             (static_cast<double>(hdr[c]) + metadata.alternate_offset[c])));
      // Single precision in and out, relative to the smallest sum (an offset).
      ASSERT_LE(error, bound + 2e-5) << c;
    }
  }
}

GainMapMetadata PerChannel() {
  GainMapMetadata metadata = Range(0, 2);
  metadata.gain_map_min = {-1.2, 0, 0.14};
  metadata.gain_map_max = {2.5, 3.1, 4.4};
  metadata.gamma = {0.25, 1.0, 1.52};
  metadata.base_offset = {0.0175, 1.0 / 64, 0.5};
  metadata.alternate_offset = {1.0 / 64, 0.01, 0.25};
  return metadata;
}

INSTANTIATE_TEST_SUITE_P(Ranges, QuantizeTest,
                         testing::Values(QuantizeCase{"two_stops", Range(0, 2)},
                                         QuantizeCase{"symmetric", Range(-6, 6)},
                                         QuantizeCase{"darkening", Range(-3, -0.5)},
                                         QuantizeCase{"narrow", Range(0, 0.24)},
                                         QuantizeCase{"gamma", Range(-0.72, 2.68, 0.874512)},
                                         QuantizeCase{"per_channel", PerChannel()}),
                         [](const auto& row) { return row.param.name; });

TEST(QuantizeTest, FollowsTheFormula) {
  // floor(255 * clamp((g - lo) / (hi - lo))^q + 0.5), worked out by hand.
  const auto code = [](double stops, const GainMapMetadata& metadata) {
    return static_cast<int>(
        EncodeGain(GainOf(1, 1, 1, [&](int, int, int) { return stops; }), metadata)
            .codes.view()
            .At(0, 0));
  };
  EXPECT_EQ(code(1, Range(0, 2)), 128);
  EXPECT_EQ(code(0.999, Range(0, 2)), 127);
  EXPECT_EQ(code(-0.1, Range(0, 2)), 0);
  EXPECT_EQ(code(2.1, Range(0, 2)), 255);
  EXPECT_EQ(code(0, Range(-1, 3)), 64);
  EXPECT_EQ(code(1, Range(0, 2, 0.5)), 180);
  EXPECT_EQ(code(1, Range(0, 2, 2)), 64);
  EXPECT_EQ(code(7, Range(2, 2)), 0) << "an empty range says nothing";
  EXPECT_EQ(code(std::numeric_limits<double>::quiet_NaN(), Range(0, 2)), 0);
}

TEST(QuantizeTest, ExtremeNumbersStayFinite) {
  constexpr double kMost = std::numeric_limits<double>::max();
  for (const auto& [min, max, gamma] :
       {std::tuple{-kMost, kMost, 1.0}, std::tuple{0.0, 1e300, 1e-300},
        std::tuple{-1e40, 1e40, 1e300}, std::tuple{0.0, 2.0, 5e-324}}) {
    for (const float stops : StopsOfCodes(Range(min, max, gamma), 0)) {
      ASSERT_TRUE(std::isfinite(stops)) << min << ' ' << max << ' ' << gamma;
    }
  }
}

TEST(QuantizeTest, OneChannelUsesTheFirstChannelsNumbers) {
  const Log2Gain gain = GainOf(64, 1, 1, [](int x, int, int) { return x / 30.0 - 0.5; });
  GainMapMetadata first = Range(-1.2, 2.5, 0.25);
  const EncodedGainMap by_all = EncodeGain(gain, PerChannel());
  const EncodedGainMap by_first = EncodeGain(gain, first);
  EXPECT_TRUE(std::ranges::equal(by_all.codes.view().RowSpan(0), by_first.codes.view().RowSpan(0)));
}

TEST(NeutralTest, DecidesByPixels) {
  Plane<std::uint8_t> codes(200, 100, 3);
  EXPECT_TRUE(IsNeutral(codes.view()));
  for (int x = 0; x < 200; ++x) codes.view().At(x, 50, 1) = 2;
  EXPECT_TRUE(IsNeutral(codes.view())) << "within what JPEG does to a grey map";
  codes.view().At(3, 3, 2) = 90;
  codes.view().At(9, 9, 0) = 90;
  EXPECT_TRUE(IsNeutral(codes.view())) << "1e-4 of the pixels";
  codes.view().At(4, 4, 0) = 3;
  EXPECT_FALSE(IsNeutral(codes.view()));
  EXPECT_TRUE(IsNeutral(Plane<std::uint8_t>(4, 4).view()));
}

TEST(NeutralTest, SingleChannelKeepsTheGain) {
  EncodedGainMap map{Plane<std::uint8_t>(17, 3, 3), Range(0, 2)};
  for (int y = 0; y < 3; ++y) {
    for (int x = 0; x < 17; ++x) {
      for (int c = 0; c < 3; ++c)
        map.codes.view().At(x, y, c) = static_cast<std::uint8_t>(5 * x + y);
    }
  }
  const EncodedGainMap single = SingleChannel(map);
  ASSERT_EQ(single.codes.channels(), 1);
  const Log2Gain one = DecodeGain(single);
  const Log2Gain three = DecodeGain(map);
  for (int y = 0; y < 3; ++y) {
    for (int x = 0; x < 17; ++x) {
      for (int c = 0; c < 3; ++c) {
        ASSERT_EQ(one.stops.view().At(x, y), three.stops.view().At(x, y, c));
      }
    }
  }
}

TEST(WeightOfTest, FollowsTheDisplay) {
  GainMapMetadata metadata = Range(0, 2);
  metadata.base_hdr_headroom = 0.5;
  metadata.alternate_hdr_headroom = 2.5;
  EXPECT_EQ(WeightOf(metadata, 0), 0);
  EXPECT_EQ(WeightOf(metadata, 0.5), 0);
  EXPECT_EQ(WeightOf(metadata, 1.5), 0.5);
  EXPECT_EQ(WeightOf(metadata, 2.5), 1);
  EXPECT_EQ(WeightOf(metadata, std::numeric_limits<double>::infinity()), 1);
  metadata.alternate_hdr_headroom = 0.5;
  EXPECT_EQ(WeightOf(metadata, 3), 0);
}

TEST(ResizeTest, AConstantStaysConstant) {
  const Log2Gain gain = GainOf(37, 23, 3, [](int, int, int c) { return 1.25 - c; });
  for (const auto& [width, height] : {std::pair{1, 1}, std::pair{37, 23}, std::pair{5, 100},
                                      std::pair{148, 92}, std::pair{36, 24}, std::pair{9, 7}}) {
    const Log2Gain resized = ResizeGain(gain, width, height);
    ASSERT_EQ(resized.stops.width(), width);
    ASSERT_EQ(resized.stops.height(), height);
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        for (int c = 0; c < 3; ++c) ASSERT_NEAR(resized.stops.view().At(x, y, c), 1.25 - c, 1e-6);
      }
    }
  }
}

TEST(ResizeTest, LinearRampsStayWhereTheyAre) {
  // A ramp in normalised coordinates: the value at (u, v) is 2u - v.
  const auto ramp = [](int width, int height) {
    return [=](int x, int y, int) { return 2 * (x + 0.5) / width - (y + 0.5) / height; };
  };
  // An area that cuts its outer samples takes them as flat: f (1 - f) / 2 of a sample's step, over
  // the area, where f is the part taken.
  const auto cut = [](int in, int out, double range) {
    return out >= in || in % out == 0 ? 0 : range / in * 0.125 * out / in;
  };
  const Log2Gain gain = GainOf(60, 48, 1, ramp(60, 48));
  for (const auto& [width, height] : {std::pair{240, 192}, std::pair{15, 12}, std::pair{73, 16},
                                      std::pair{59, 49}, std::pair{20, 96}, std::pair{60, 48}}) {
    const Log2Gain resized = ResizeGain(gain, width, height);
    const double bound = 2e-6 + cut(60, width, 2) + cut(48, height, 1);
    // Beyond the outermost input centres an enlargement has nothing but the clamp.
    const int skip_x = width > 60 ? (width + 119) / 120 : 0;
    const int skip_y = height > 48 ? (height + 95) / 96 : 0;
    for (int y = skip_y; y < height - skip_y; ++y) {
      for (int x = skip_x; x < width - skip_x; ++x) {
        ASSERT_NEAR(resized.stops.view().At(x, y), ramp(width, height)(x, y, 0), bound)
            << width << " x " << height << " at " << x << ", " << y;
      }
    }
  }
}

TEST(ResizeTest, ReducingKeepsTheMean) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> value(-1, 3);
  const Log2Gain gain = GainOf(64, 30, 1, [&](int, int, int) { return value(random); });
  const auto mean = [](const Log2Gain& g) {
    double sum = 0;
    for (int y = 0; y < g.stops.height(); ++y) {
      for (const float v : g.stops.view().RowSpan(y)) sum += static_cast<double>(v);
    }
    return sum / (g.stops.width() * g.stops.height());
  };
  for (const auto& [width, height] : {std::pair{16, 15}, std::pair{23, 7}, std::pair{1, 1}}) {
    EXPECT_NEAR(mean(ResizeGain(gain, width, height)), mean(gain), 1e-6);
  }
}

TEST(ResizeTest, MirroringBeforeOrAfterIsTheSame) {
  std::mt19937 random(11);
  std::uniform_real_distribution<double> value(0, 2);
  const Log2Gain gain = GainOf(13, 9, 1, [&](int, int, int) { return value(random); });
  for (unsigned k = 1; k <= 8; ++k) {
    const Orientation orientation = *OrientationFrom(k);
    for (const auto& [width, height] : {std::pair{40, 31}, std::pair{6, 4}}) {
      const Plane<float> after =
          Oriented(ResizeGain(gain, width, height).stops.view(), orientation);
      const Log2Gain turned{Oriented(gain.stops.view(), orientation)};
      const Log2Gain before = ResizeGain(turned, after.width(), after.height());
      for (int y = 0; y < after.height(); ++y) {
        for (int x = 0; x < after.width(); ++x) {
          ASSERT_NEAR(before.stops.view().At(x, y), after.view().At(x, y), 2e-6) << k;
        }
      }
    }
  }
}

TEST(OrientedTest, FollowsTheSteps) {
  // Stored: 0 1 2 / 3 4 5; two channels, so that samples travel with their pixels.
  Plane<std::uint8_t> stored(3, 2, 2);
  for (int y = 0; y < 2; ++y) {
    for (int x = 0; x < 3; ++x) {
      for (int c = 0; c < 2; ++c) {
        stored.view().At(x, y, c) = static_cast<std::uint8_t>(3 * y + x + 100 * c);
      }
    }
  }
  const std::array<std::vector<std::vector<int>>, 8> displayed = {{{{0, 1, 2}, {3, 4, 5}},
                                                                   {{2, 1, 0}, {5, 4, 3}},
                                                                   {{5, 4, 3}, {2, 1, 0}},
                                                                   {{3, 4, 5}, {0, 1, 2}},
                                                                   {{0, 3}, {1, 4}, {2, 5}},
                                                                   {{3, 0}, {4, 1}, {5, 2}},
                                                                   {{5, 2}, {4, 1}, {3, 0}},
                                                                   {{2, 5}, {1, 4}, {0, 3}}}};
  for (unsigned k = 1; k <= 8; ++k) {
    const auto& expected = displayed[k - 1];
    const Plane<std::uint8_t> turned = Oriented(stored.view(), *OrientationFrom(k));
    ASSERT_EQ(turned.height(), static_cast<int>(expected.size())) << k;
    ASSERT_EQ(turned.width(), static_cast<int>(expected[0].size())) << k;
    for (int y = 0; y < turned.height(); ++y) {
      for (int x = 0; x < turned.width(); ++x) {
        const int value = expected[static_cast<std::size_t>(y)][static_cast<std::size_t>(x)];
        EXPECT_EQ(turned.view().At(x, y, 0), value) << k;
        EXPECT_EQ(turned.view().At(x, y, 1), value + 100) << k;
      }
    }
  }
}

}  // namespace
}  // namespace hdrp
