// Pages are found through JPEG coding and in every dress; photographs are not.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "decode/jpeg_pixels.h"
#include "guard/text_page.h"
#include "package/jpeg_encode.h"
#include "support/page.h"
#include "support/scene.h"

namespace hdrp {
namespace {

using test::MakePage;
using test::PageRecipe;

double ScoreOf(PlaneView<const std::uint8_t> picture) {
  PageWatcher watcher(picture.width, picture.height, picture.channels);
  for (int y = 0; y < picture.height; ++y) watcher.AddRow(picture.Row(y));
  const PageEvidence found = watcher.Finish();
  SCOPED_TRACE(testing::Message() << found.text << " " << found.flat << " " << found.plain);
  for (const double share : {found.text, found.flat, found.plain}) {
    EXPECT_GE(share, 0);
    EXPECT_LE(share, 1);
  }
  return PageScore(found);
}

/// The picture after a JPEG of this quality, 4:2:0 or not.
double CodedScore(PlaneView<const std::uint8_t> picture, const JpegEncodeOptions& options) {
  const Expected<Bytes> jpeg = EncodeJpeg(picture, options);
  EXPECT_TRUE(jpeg);
  if (!jpeg) return -1;
  const Expected<DecodedJpeg> decoded = DecodeJpeg(*jpeg, {});
  EXPECT_TRUE(decoded);
  return decoded ? ScoreOf(decoded->pixels.view()) : -1;
}

TEST(TextPageTest, PagesAreFoundThroughJpegCoding) {
  struct Row {
    std::string name;
    PageRecipe recipe;
  };
  const Row rows[] = {
      {"screenshot", {}},
      {"dark mode", {.paper = 18, .ink = 220}},
      {"black", {.paper = 0, .ink = 255}},
      {"tinted", {.paper = 236, .ink = 90}},
      {"small print", {.glyph_height = 9}},
      {"large print", {.glyph_height = 32}},
      {"half empty", {.filled = 0.4}},
      {"tall, of a telephone", {.width = 1080, .height = 2340, .glyph_height = 36}},
      {"scan", {.width = 1700, .height = 2200, .glyph_height = 30, .paper = 240, .noise = 3}},
      {"large scan", {.width = 2480, .height = 3508, .glyph_height = 44, .paper = 244, .noise = 2}},
      {"small window", {.width = 400, .height = 300, .glyph_height = 10}},
      {"slide", {.width = 1920, .height = 1080, .glyph_height = 48, .filled = 0.3}},
      {"photograph at a third", {.photograph = 0.33}},
      {"photograph at a fifth", {.photograph = 0.2}},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const Plane<std::uint8_t> page = MakePage(row.recipe);
    EXPECT_GE(ScoreOf(page.view()), 0.95);
    for (const int quality : {75, 95}) {
      for (const bool subsample : {false, true}) {
        EXPECT_GE(CodedScore(page.view(), {.quality = quality, .subsample_chroma = subsample}),
                  0.95)
            << quality << (subsample ? " 4:2:0" : " 4:4:4");
      }
    }
  }
}

TEST(TextPageTest, PagesMayBeStoredSideways) {
  for (const Orientation turn : {Orientation::kRightTop, Orientation::kBottomRight}) {
    EXPECT_GE(ScoreOf(Oriented(MakePage({}).view(), turn).view()), 0.95);
    EXPECT_GE(ScoreOf(Oriented(MakePage({.paper = 18, .ink = 220}).view(), turn).view()), 0.95);
  }
}

TEST(TextPageTest, LessPageLessScoreWithoutACliff) {
  Plane<std::uint8_t> picture = MakePage({.width = 800, .height = 600, .glyph_height = 12});
  const test::Scene scene = test::MakeScene(800, 600);
  double last = 1;
  double largest_step = 0;
  for (int covered = 0; covered <= 800; covered += 32) {  // a photograph moves in from the right
    for (int y = 0; y < 600 && covered > 0; ++y) {
      std::copy_n(&scene.sdr.view().At(800 - covered, y), 3 * covered,
                  &picture.view().At(800 - covered, y));
    }
    const double score = ScoreOf(picture.view());
    EXPECT_LE(score, last + 0.02) << covered;
    largest_step = std::max(largest_step, last - score);
    last = score;
  }
  EXPECT_EQ(last, 0);
  EXPECT_LE(largest_step, 0.45);
}

TEST(TextPageTest, PhotographsAndPlainPicturesAreNoPages) {
  EXPECT_EQ(ScoreOf(test::MakeScene(1280, 960).sdr.view()), 0);
  EXPECT_EQ(CodedScore(test::MakeScene(1280, 960).sdr.view(), {.quality = 60}), 0);
  for (const auto& [width, height] : {std::pair{1, 1}, std::pair{2, 1}, std::pair{7, 5},
                                      std::pair{1, 300}, std::pair{640, 480}}) {
    for (const int channels : {1, 3}) {
      for (const int level : {0, 128, 255}) {  // black, grey, white: nothing is written there
        Plane<std::uint8_t> plain(width, height, channels);
        for (int y = 0; y < height; ++y) {
          std::ranges::fill(plain.view().RowSpan(y), static_cast<std::uint8_t>(level));
        }
        EXPECT_EQ(ScoreOf(plain.view()), 0);
      }
    }
  }
}

// One object before white, with an outline as sharp as a cut-out's: one edge a row, no strokes.
TEST(TextPageTest, AProductOnWhiteIsNoPage) {
  Plane<std::uint8_t> picture(1200, 900, 3);
  const test::Scene scene = test::MakeScene(1200, 900);
  for (int y = 0; y < 900; ++y) {
    for (int x = 0; x < 1200; ++x) {
      const bool inside = std::hypot((x - 600) / 1.3, y - 450) < 330;
      for (int c = 0; c < 3; ++c) {
        picture.view().At(x, y, c) = inside ? scene.sdr.view().At(x, y, c) : std::uint8_t{255};
      }
    }
  }
  EXPECT_EQ(ScoreOf(picture.view()), 0);
  EXPECT_EQ(CodedScore(picture.view(), {.quality = 75}), 0);
}

TEST(TextPageTest, TheScoreScalesTheGain) {
  Log2Gain gain{Plane<float>(3, 1)};
  std::ranges::copy(std::vector<float>{0, 1, 2}, gain.stops.Row(0));
  const Log2Gain limited = LimitPage(std::move(gain), 0.75);
  EXPECT_FLOAT_EQ(limited.stops.Row(0)[0], 0);
  EXPECT_FLOAT_EQ(limited.stops.Row(0)[1], 0.25F);
  EXPECT_FLOAT_EQ(limited.stops.Row(0)[2], 0.5F);
}

}  // namespace
}  // namespace hdrp
