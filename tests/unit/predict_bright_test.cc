// The predictor `bright`: the check values published with its definition, an independent and slow
// filter, and the exactness of the reduction.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "predict/area_reducer.h"
#include "predict/bright.h"
#include "support/every_target.h"

namespace hdrp {
namespace {

TEST(BrightGainStopsTest, GivesThePublishedValues) {
  struct Row {
    double b, phone, acr;
  };
  const Row rows[] = {
      {.10, .00001, .00580},   {.25, .00053, .04321},   {.50, .07717, .47484},
      {.60, .30090, .85806},   {.70, .77466, 1.28626},  {.75, 1.07289, 1.48600},
      {.80, 1.36842, 1.66187}, {.90, 1.83043, 1.91259}, {1, 2, 2},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.b);
    EXPECT_NEAR(BrightGainStops(row.b, kHighlightsStyle), row.phone, 5.1e-6);
    EXPECT_NEAR(BrightGainStops(row.b, {2.0, 0.35, 0.75}), row.acr, 5.1e-6);
  }
}

TEST(BrightWorkingSizeTest, HasALongSideOf256) {
  struct Row {
    std::string name;
    int width, height, expected_width, expected_height;
  };
  const Row rows[] = {
      {"landscape photo", 4080, 3072, 256, 193}, {"portrait photo", 3072, 4080, 193, 256},
      {"already there", 256, 192, 256, 192},     {"smaller stays", 100, 60, 100, 60},
      {"panorama", 10000, 100, 256, 8},          {"one pixel", 1, 1, 8, 8},
      {"largest JPEG", 65500, 65500, 256, 256},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const RasterSize size = BrightWorkingSize({row.width, row.height});
    EXPECT_EQ(size.width, row.expected_width);
    EXPECT_EQ(size.height, row.expected_height);
  }
}

using Codes = std::vector<std::uint8_t>;

Codes Noise(int width, int height, int channels) {
  std::mt19937 random(7);
  Codes codes(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) *
              static_cast<std::size_t>(channels));
  for (auto& code : codes) code = static_cast<std::uint8_t>(random() & 0xFF);
  return codes;
}

Plane<float> Reduce(const Codes& codes, int width, int height, int channels) {
  AreaReducer reducer({width, height}, channels, BrightWorkingSize({width, height}));
  for (int y = 0; y < height; ++y) {
    reducer.AddRow(codes.data() + static_cast<std::ptrdiff_t>(y) * width * channels);
  }
  return CodedLuma(reducer.Take().view());
}

/// One output sample by the definition, in floating point, pixel by pixel.
double AveragedCode(const Codes& codes, int width, int height, int channels, RasterSize size,
                    std::array<int, 3> at) {
  const auto [x, y, c] = at;
  const double left = static_cast<double>(x) * width / size.width;
  const double right = static_cast<double>(x + 1) * width / size.width;
  const double top = static_cast<double>(y) * height / size.height;
  const double bottom = static_cast<double>(y + 1) * height / size.height;
  double sum = 0;
  for (int v = 0; v < height; ++v) {
    const double high = std::min(bottom, v + 1.0) - std::max(top, static_cast<double>(v));
    if (high <= 0) continue;
    for (int u = 0; u < width; ++u) {
      const double wide = std::min(right, u + 1.0) - std::max(left, static_cast<double>(u));
      if (wide <= 0) continue;
      sum += high * wide * codes[static_cast<std::size_t>((v * width + u) * channels + c)];
    }
  }
  return sum / ((right - left) * (bottom - top));
}

TEST(AreaReducerTest, IsTheLumaOfExactAreaAverages) {
  struct Row {
    std::string name;
    int width, height, channels;
  };
  const Row rows[] = {{"odd ratio, colour", 391, 307, 3}, {"odd ratio, grey", 391, 307, 1},
                      {"native size", 40, 31, 3},         {"portrait", 100, 300, 3},
                      {"height enlarged", 300, 5, 3},     {"one pixel", 1, 1, 1}};
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const Codes codes = Noise(row.width, row.height, row.channels);
    const Plane<float> luma = Reduce(codes, row.width, row.height, row.channels);
    const RasterSize size = BrightWorkingSize({row.width, row.height});
    ASSERT_EQ(luma.width(), size.width);
    ASSERT_EQ(luma.height(), size.height);
    for (int y = 0; y < size.height; y += 7) {
      for (int x = 0; x < size.width; x += 5) {
        std::array<double, 3> code{};
        for (int c = 0; c < row.channels; ++c) {
          code[static_cast<std::size_t>(c)] =
              std::floor(AveragedCode(codes, row.width, row.height, row.channels, size, {x, y, c}) +
                         0.5 + 1e-9);
        }
        const double expected =
            row.channels == 1 ? code[0] / 255
                              : (0.2126 * code[0] + 0.7152 * code[1] + 0.0722 * code[2]) / 255;
        EXPECT_NEAR(luma.view().At(x, y), expected, 1e-6) << x << ' ' << y;
      }
    }
  }
}

// By product or by quotient, by whole columns or by shares of them: always the rounded average.
TEST(AreaReducerTest, RoundsEveryAverageExactly) {
  std::mt19937 random(5);
  for (const auto& [from, to] : {std::pair{RasterSize{64, 64}, RasterSize{1, 1}},
                                 std::pair{RasterSize{65, 65}, RasterSize{1, 1}},
                                 std::pair{RasterSize{400, 40}, RasterSize{100, 10}},
                                 std::pair{RasterSize{39, 30}, RasterSize{13, 10}},
                                 std::pair{RasterSize{126, 128}, RasterSize{2, 2}}}) {
    for (const int channels : {1, 3}) {
      for (const int round : {0, 1, 2, 3}) {
        Plane<std::uint8_t> picture(from.width, from.height, channels);
        for (int y = 0; y < from.height; ++y) {
          for (std::uint8_t& sample : picture.view().RowSpan(y)) {
            // All white, nearly so, two neighbouring codes, anything.
            const auto number = static_cast<unsigned>(random());
            sample = static_cast<std::uint8_t>(round == 0   ? 255
                                               : round == 1 ? 254 + number % 2
                                               : round == 2 ? 7 + number % 2
                                                            : number % 256);
          }
        }
        AreaReducer reducer(from, channels, to);
        for (int y = 0; y < from.height; ++y) reducer.AddRow(picture.Row(y));
        const Plane<std::uint8_t> reduced = reducer.Take();
        const int wide = from.width / to.width;
        const int tall = from.height / to.height;
        for (int y = 0; y < to.height; ++y) {
          for (int x = 0; x < to.width; ++x) {
            for (int c = 0; c < channels; ++c) {
              int sum = 0;
              for (int v = 0; v < tall; ++v) {
                for (int u = 0; u < wide; ++u) {
                  sum += picture.view().At(x * wide + u, y * tall + v, c);
                }
              }
              EXPECT_EQ(reduced.view().At(x, y, c), (sum + wide * tall / 2) / (wide * tall));
            }
          }
        }
      }
    }
  }
}

TEST(AreaReducerTest, OfAVeryLargePictureDoesNotOverflow) {
  constexpr int kSide = 65500;
  const Codes row(kSide, 255);
  AreaReducer wide({kSide, 600}, 1, {256, 8});
  for (int y = 0; y < 600; ++y) wide.AddRow(row.data());
  EXPECT_EQ(wide.Take().view().At(255, 7), 255);

  // Ratios without common factors, and more than 257 units of a row at once.
  AreaReducer tall({3, kSide}, 1, {8, 16383});
  for (int y = 0; y < kSide; ++y) tall.AddRow(row.data());
  EXPECT_EQ(tall.Take().view().At(7, 16382), 255);
}

Plane<float> Filtered(const Plane<float>& luma, int threads = 1) {
  auto result = BilateralLuma(luma.view(), {.threads = threads, .stop = {}});
  EXPECT_TRUE(result);
  return *std::move(result);
}

TEST(BilateralLumaTest, GivesThePublishedValuesOfAnEdge) {
  Plane<float> edge(64, 64);
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 64; ++x) edge.view().At(x, y) = x < 32 ? 0.5F : 0.7F;
  }
  const Plane<float> filtered = Filtered(edge);
  const std::pair<int, double> rows[] = {{20, .50010}, {28, .52791}, {31, .55296},
                                         {32, .64704}, {35, .67209}, {43, .69990}};
  for (const auto& [x, expected] : rows) {
    EXPECT_NEAR(filtered.view().At(x, 32), expected, 1e-5) << "column " << x;
  }
}

TEST(BilateralLumaTest, GivesThePublishedValuesOfARamp) {
  Plane<float> ramp(64, 64);
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 64; ++x) ramp.view().At(x, y) = static_cast<float>(x) / 63;
  }
  const Plane<float> filtered = Filtered(ramp);
  // Columns near the borders depend on how the picture goes on behind them.
  const std::pair<int, double> rows[] = {
      {0, .06349}, {1, .06551}, {8, .12778}, {32, .50794}, {63, .93651}};
  for (const auto& [x, expected] : rows) {
    EXPECT_NEAR(filtered.view().At(x, 32), expected, 1e-5) << "column " << x;
  }
}

/// The definition in double precision.
double FilteredSample(PlaneView<const float> luma, int x, int y) {
  const auto reflected = [](int i, int n) {
    while (n > 1 && (i < 0 || i >= n)) i = i < 0 ? -i : 2 * (n - 1) - i;
    return n > 1 ? i : 0;
  };
  const double centre = luma.At(x, y);
  double sum = 0;
  double weights = 0;
  for (int dy = -12; dy <= 12; ++dy) {
    for (int dx = -12; dx <= 12; ++dx) {
      const double squared = dx * dx + dy * dy;
      if (squared > 144) continue;
      const double sample = luma.At(reflected(x + dx, luma.width), reflected(y + dy, luma.height));
      const double difference = sample - centre;
      const double weight = std::exp(-squared / (2 * 8.0 * 8.0)) *
                            std::exp(-difference * difference / (2 * 0.15 * 0.15));
      sum += weight * sample;
      weights += weight;
    }
  }
  return sum / weights;
}

Plane<float> RandomLuma(int width, int height) {
  const Codes codes = Noise(width, height, 1);
  Plane<float> luma(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      luma.view().At(x, y) =
          static_cast<float>(codes[static_cast<std::size_t>(y * width + x)]) / 255;
    }
  }
  return luma;
}

TEST(BilateralLumaTest, FollowsTheDefinitionAtEverySize) {
  const std::pair<int, int> sizes[] = {{40, 33}, {8, 8}, {13, 5}, {1, 9}, {1, 1}};
  for (const auto& [width, height] : sizes) {
    SCOPED_TRACE(std::to_string(width) + " x " + std::to_string(height));
    const Plane<float> luma = RandomLuma(width, height);
    const Plane<float> filtered = Filtered(luma);
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        EXPECT_NEAR(filtered.view().At(x, y), FilteredSample(luma.view(), x, y), 4e-6);
      }
    }
  }
}

TEST(BilateralLumaTest, EveryInstructionSetGivesTheScalarTwinsBits) {
  for (const auto& [width, height] : {std::pair{61, 47}, std::pair{3, 20}, std::pair{16, 1}}) {
    const Plane<float> luma = RandomLuma(width, height);
    const Plane<float> scalar = BilateralLumaScalar(luma.view());
    test::OnEveryTarget([&] {
      const Plane<float> filtered = Filtered(luma);
      for (int y = 0; y < height; ++y) {
        EXPECT_TRUE(std::ranges::equal(scalar.view().RowSpan(y), filtered.view().RowSpan(y))) << y;
      }
    });
  }
}

TEST(BilateralLumaTest, DoesNotDependOnTheThreadCount) {
  const Plane<float> luma = RandomLuma(61, 47);
  const Plane<float> one = Filtered(luma, 1);
  for (const int threads : {2, 3, 8}) {
    const Plane<float> many = Filtered(luma, threads);
    for (int y = 0; y < luma.height(); ++y) {
      EXPECT_TRUE(std::ranges::equal(one.view().RowSpan(y), many.view().RowSpan(y))) << threads;
    }
  }
}

TEST(BilateralLumaTest, StopsWhenAskedTo) {
  std::stop_source source;
  source.request_stop();
  const auto result =
      BilateralLuma(RandomLuma(20, 20).view(),
                    {.threads = 2, .stop = {.token = source.get_token(), .deadline = {}}});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kInterrupted);
}

TEST(BrightGainTest, APictureThatIsBrightAllOverIsLiftedLess) {
  Plane<float> luma(4, 1);
  const float samples[] = {0.95F, 0.95F, 0.95F, 0.1F};
  std::ranges::copy(samples, luma.Row(0));
  const Log2Gain gain = BrightGain(luma.view(), kHighlightsStyle);
  const double full = BrightGainStops(0.95, kHighlightsStyle);
  ASSERT_GT(full * 3 / 4, 0.75) << "the case that the limit is for";
  for (int x = 0; x < 3; ++x) EXPECT_NEAR(gain.stops.view().At(x, 0), 1.0, 1e-5);
  luma.Row(0)[1] = luma.Row(0)[2] = 0.1F;
  EXPECT_NEAR(BrightGain(luma.view(), kHighlightsStyle).stops.view().At(0, 0), full, 1e-6)
      << "a lamp is not";
}

TEST(BrightGainTest, ItsTableFollowsTheFormula) {
  constexpr int kCount = 1000;
  Plane<float> luma(kCount, 1);
  for (int x = 0; x < kCount; ++x) luma.view().At(x, 0) = static_cast<float>(x) / (kCount - 1);
  for (const BrightStyle& style : {BrightStyle{2, 0.25, 9}, BrightStyle{2, 0.35, 9}}) {
    const Log2Gain gain = BrightGain(luma.view(), style);
    for (int x = 0; x < kCount; ++x) {
      EXPECT_NEAR(gain.stops.view().At(x, 0), BrightGainStops(luma.view().At(x, 0), style), 1e-6);
    }
  }
}

}  // namespace
}  // namespace hdrp
