// The learned predictor: its file, what it is told of a picture, and the gain it makes, checked by
// hand; the network itself against PyTorch's answers (tests/data/curve_grid_parity.tsv).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "predict/curve_grid.h"
#include "predict/curve_grid_statistics.h"
#include "support/corpus.h"

namespace hdrp {
namespace {

using testing::HasSubstr;
using Shape = CurveGridShape;

[[nodiscard]] Plane<std::uint8_t> Filled(int width, int height, int channels, int code) {
  Plane<std::uint8_t> picture(width, height, channels);
  for (int y = 0; y < height; ++y) {
    std::ranges::fill(picture.view().RowSpan(y), static_cast<std::uint8_t>(code));
  }
  return picture;
}

[[nodiscard]] const CurveGrid& Shipped() {
  static const CurveGrid network = *ReadCurveGrid(ShippedWeights());
  return network;
}

TEST(CurveGridFile, TheProgramsOwnIsReadable) {
  const Expected<CurveGrid> network = ReadCurveGrid(ShippedWeights());
  ASSERT_TRUE(network) << network.error().message;
  EXPECT_EQ(network->name, "phone");
  EXPECT_LE(ShippedWeights().size(), 1'000'000U);
}

TEST(CurveGridFile, EveryDamageIsSeen) {
  const ByteView whole = ShippedWeights();
  for (const std::size_t length : {std::size_t{0}, std::size_t{7}, std::size_t{8}, std::size_t{47},
                                   std::size_t{48}, whole.size() / 2, whole.size() - 1}) {
    const Expected<CurveGrid> torn = ReadCurveGrid(whole.first(length));
    ASSERT_FALSE(torn) << length;
    EXPECT_EQ(torn.error().code, ErrorCode::kModelFailed);
  }
  std::mt19937 random(3);
  for (int i = 0; i < 64; ++i) {
    Bytes damaged(whole.begin(), whole.end());
    const std::size_t at = i < 48 ? static_cast<std::size_t>(i) : random() % damaged.size();
    damaged[at] = static_cast<std::uint8_t>(damaged[at] ^ 1U << random() % 8);
    const Expected<CurveGrid> network = ReadCurveGrid(damaged);
    ASSERT_FALSE(network) << at;
    EXPECT_EQ(network.error().code, ErrorCode::kModelFailed);
  }
  Bytes longer(whole.begin(), whole.end());
  longer.push_back(0);
  const Expected<CurveGrid> network = ReadCurveGrid(longer);
  ASSERT_FALSE(network);
  EXPECT_THAT(network.error().message, HasSubstr("bytes, found"));
}

TEST(CurveGridThumbnail, AveragesByAreaWhateverTheAspect) {
  // Two pixels side by side: 48 cells of each.
  Plane<std::uint8_t> two(2, 1, 3);
  for (int c = 0; c < 3; ++c) two.view().At(1, 0, c) = 255;
  const Plane<float> halves = ThumbnailOf(two.view());
  EXPECT_EQ(halves.view().At(47, 95, 0), 0);
  EXPECT_EQ(halves.view().At(48, 0, 2), 1);
  // 97 columns for 96 cells: cell i holds the last 96 - i parts of pixel i and i + 1 of the next.
  Plane<std::uint8_t> one_more(97, 96, 1);
  for (int y = 0; y < 96; ++y) one_more.view().At(96, y) = 97;
  const Plane<float> cells = ThumbnailOf(one_more.view());
  EXPECT_EQ(cells.view().At(94, 0, 0), 0);
  EXPECT_NEAR(cells.view().At(95, 50, 1), 96.0 / 255, 1e-6);
}

TEST(CurveGridStatistics, OfAGreyPictureAndOfAStep) {
  const auto grey = StatisticsOf(Halved(ThumbnailOf(Filled(30, 20, 3, 51).view())));
  for (const unsigned level : {0U, 4U, 8U, 9U, 14U, 26U, 28U, 29U, 30U, 31U, 37U, 38U}) {
    EXPECT_NEAR(grey[level], 0.2, 1e-6) << level;
  }
  for (const unsigned nothing :
       {15U, 18U, 19U, 20U, 21U, 22U, 23U, 24U, 25U, 32U, 33U, 34U, 35U, 36U}) {
    EXPECT_NEAR(grey[nothing], 0, 1e-6) << nothing;
  }
  // Black above, white below.
  Plane<std::uint8_t> step = Filled(96, 96, 1, 0);
  for (int y = 48; y < 96; ++y) std::ranges::fill(step.view().RowSpan(y), std::uint8_t{255});
  const auto s = StatisticsOf(Halved(ThumbnailOf(step.view())));
  EXPECT_EQ(s[3], 0);
  EXPECT_EQ(s[5], 1);
  EXPECT_NEAR(s[19], 0.5, 1e-6);       // near white
  EXPECT_NEAR(s[23], 0.5, 1e-6);       // near black
  EXPECT_NEAR(s[26], 0.5, 1e-6);       // mean
  EXPECT_NEAR(s[27], 0.5, 1e-6);       // deviation
  EXPECT_EQ(s[28], 0);                 // upper third
  EXPECT_NEAR(s[29], 0.5, 1e-6);       // middle third
  EXPECT_EQ(s[34], 0);                 // steps across
  EXPECT_NEAR(s[35], 1.0 / 47, 1e-6);  // steps down: one row of 47
  EXPECT_EQ(s[37] - s[38], 1);
}

[[nodiscard]] PredictedCurve Ramp() {  // a stop per unit of the guide, half a stop at black
  PredictedCurve predicted;
  for (std::size_t k = 0; k < predicted.curve.size(); ++k) {
    predicted.curve[k] = 0.5F + static_cast<float>(k) / 16;
  }
  predicted.grid = Plane<float>(Shape::kCells, Shape::kCells, Shape::kBins);
  return predicted;
}

TEST(CurveGridGain, FollowsTheCurveOfTheBrightestComponent) {
  Plane<std::uint8_t> picture(2, 1, 3);
  picture.view().At(0, 0, 1) = 102;
  picture.view().At(1, 0, 2) = 255;
  const Log2Gain gain = GainOf(Ramp(), picture.view());
  EXPECT_NEAR(gain.stops.view().At(0, 0), 0.9, 1e-6);
  EXPECT_NEAR(gain.stops.view().At(1, 0), 1.5, 1e-6);
}

TEST(CurveGridGain, AddsTheGridByPlaceAndBrightnessWithinBounds) {
  PredictedCurve predicted = Ramp();
  for (int x = 0; x < Shape::kCells; ++x) {
    for (int y = 0; y < Shape::kCells; ++y) {
      predicted.grid.view().At(x, y, 7) = static_cast<float>(x);  // of white alone
    }
  }
  const Log2Gain white = GainOf(predicted, Filled(24, 24, 1, 255).view());
  EXPECT_NEAR(white.stops.view().At(0, 5), 1.5, 1e-6);   // left of the first cell's middle
  EXPECT_NEAR(white.stops.view().At(2, 5), 2.25, 1e-5);  // (2 + .5) / 2 - .5 = .75
  EXPECT_NEAR(white.stops.view().At(23, 5), 4, 1e-6);    // at most 4
  const Log2Gain darker = GainOf(predicted, Filled(24, 24, 1, 255 * 13 / 14).view());
  EXPECT_NEAR(darker.stops.view().At(2, 5), 0.5 + 236.0 / 255 + 0.75 * (236.0 / 255 * 7 - 6), 1e-4);
  predicted.curve.fill(-1);
  EXPECT_EQ(GainOf(predicted, Filled(3, 3, 3, 100).view()).stops.view().At(1, 1), 0);
  predicted.curve.fill(1);
  predicted.grid = Plane<float>(Shape::kCells, Shape::kCells, Shape::kBins);
  EXPECT_EQ(MeanGainOf(predicted, Plane<float>(5, 4, 3).view()), 1);
}

TEST(CurveGridLook, GreyIsThreeEqualChannelsAndEverySizeIsLookedAt) {
  for (const auto& [width, height] :
       {std::pair{1, 1}, std::pair{1, 300}, std::pair{8, 8}, std::pair{256, 192}}) {
    for (const int code : {0, 90, 255}) {
      const PredictedCurve one = LookAt(Filled(width, height, 1, code).view(), Shipped());
      const PredictedCurve three = LookAt(Filled(width, height, 3, code).view(), Shipped());
      EXPECT_EQ(one.curve, three.curve) << width << " x " << height << " of " << code;
      EXPECT_TRUE(std::ranges::all_of(one.curve, [](float s) { return std::isfinite(s); }));
    }
  }
}

/// Rows of names and numbers.
[[nodiscard]] std::map<std::string, std::vector<float>> ReadParity() {
  std::ifstream file(test::SourceFolder() / "tests/data/curve_grid_parity.tsv");
  std::map<std::string, std::vector<float>> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    const std::size_t tab = line.find('\t');
    std::vector<float>& row = rows[line.substr(0, tab)];
    for (const char *at = line.data() + tab, *const end = line.data() + line.size(); at < end;) {
      float value = 0;
      at = std::from_chars(at + 1, end, value).ptr;
      row.push_back(value);
    }
  }
  return rows;
}

TEST(CurveGridLook, AnswersAsTheTrainedNetworkDoes) {
  const auto rows = ReadParity();
  ASSERT_TRUE(rows.contains("picture")) << "tools/train writes it";
  constexpr int kWidth = 40, kHeight = 30;
  Plane<std::uint8_t> picture(kWidth, kHeight, 3);
  ASSERT_EQ(rows.at("picture").size(), 3U * kWidth * kHeight);
  for (std::size_t i = 0; i < rows.at("picture").size(); ++i) {
    const auto at = static_cast<int>(i);
    picture.Row(at / (3 * kWidth))[at % (3 * kWidth)] =
        static_cast<std::uint8_t>(rows.at("picture")[i]);
  }
  const PredictedCurve predicted = LookAt(picture.view(), Shipped());
  EXPECT_NEAR(predicted.level, rows.at("level").front(), 1e-4);
  for (std::size_t k = 0; k < predicted.curve.size(); ++k) {
    EXPECT_NEAR(predicted.curve[k], rows.at("curve")[k], 1e-4) << k;
  }
  const Log2Gain gain = GainOf(predicted, picture.view());
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      ASSERT_NEAR(gain.stops.view().At(x, y),
                  rows.at("gain")[static_cast<std::size_t>(y * kWidth + x)], 1e-4);
    }
  }
}

}  // namespace
}  // namespace hdrp
