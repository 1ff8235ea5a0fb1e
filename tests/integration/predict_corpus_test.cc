// Predictors on real photographs, judged by the harness: the published errors per picture, what
// `bright` does better than its formula, and the text limit.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "decode/png_pixels.h"
#include "evaluate/evaluate.h"
#include "gainmap/gain.h"
#include "predict/area_reducer.h"
#include "predict/bright.h"
#include "support/corpus.h"

namespace hdrp {
namespace {

Evaluation Judged(const std::vector<std::string>& files, std::vector<Predictor> predictors) {
  Evaluation evaluation;
  evaluation.predictors = std::move(predictors);
  for (const std::string& file : files) {
    Request request;
    request.base = {file, test::ReadCorpus(file)};
    const Expected<Scene> scene = ReadScene(request);
    if (!scene) {
      ADD_FAILURE() << scene.error().where << ": " << scene.error().message;
      continue;
    }
    const Expected<void> done = JudgeScene(*scene, request, evaluation);
    EXPECT_TRUE(done) << done.error().message;
  }
  return evaluation;
}

// Measured with other code from the same definitions (and other JPEG decoders and resamplers).
TEST(PredictCorpusTest, ErrorsOnPhonePicturesAreThePublishedOnes) {
  HDRP_NEEDS_CORPUS();
  struct Row {
    std::string file;
    double identity, bilateral, smoothstep, mean_gain;
  };
  const Row rows[] = {
      {"uhdr/pixel6pro_mishaal_01.jpg", 1.177, .795, .825, .385},
      {"uhdr/pixel_lamps.jpg", .153, .166, .148, .143},
      {"uhdr/pixel_night_highrise.jpg", .125, .090, .087, .040},
      {"uhdr/pixel_desert_palms.jpg", .413, .227, .246, .199},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.file);
    const Evaluation seen =
        Judged({row.file}, {Predictor::kIdentity, Predictor::kBilateral, Predictor::kSmoothstep});
    ASSERT_EQ(seen.files.size(), 1U);
    const std::vector<Scores>& scores = seen.files[0].scores;
    EXPECT_NEAR(*scores[0][Metric::kError], row.identity, 0.005);
    EXPECT_NEAR(*scores[1][Metric::kError], row.bilateral, 0.005);
    EXPECT_NEAR(*scores[2][Metric::kError], row.smoothstep, 0.005);
    EXPECT_NEAR(*scores[1][Metric::kMeanGain], row.mean_gain, 0.005);
    EXPECT_EQ(seen.files[0].group, WriterGroup::kPhone);
  }
}

// What docs/prediction.md claims of `bright` on the phone pairs.
TEST(PredictCorpusTest, BrightIsNowhereWorseThanItsFormula) {
  HDRP_NEEDS_CORPUS();
  std::vector<std::string> files;
  for (const test::CorpusFile& file : test::CorpusFiles("phone"))
    files.push_back("phone/" + file.name);
  for (const char* name :
       {"pixel6pro_mishaal_01", "pixel_lamps", "pixel_night_highrise", "pixel_desert_palms",
        "iphone13mini_apple_gainmap_new", "iphone17pro_small_iso_apple"}) {
    files.push_back(std::string("uhdr/") + name + ".jpg");
  }
  ASSERT_GE(files.size(), 20U);
  const Evaluation seen = Judged(files, {Predictor::kBilateral, Predictor::kBright});
  double bilateral = 0, bright = 0, false_brightening = 0;
  int with_false_brightening = 0;
  for (const JudgedFile& file : seen.files) {
    const double before = *file.scores[0][Metric::kError];
    const double after = *file.scores[1][Metric::kError];
    EXPECT_LE(after, before + 0.002) << file.name << ": of enlarging along the luma";
    bilateral += before / static_cast<double>(seen.files.size());
    bright += after / static_cast<double>(seen.files.size());
    if (const auto& value = file.scores[1][Metric::kFalseBrightening]) {
      false_brightening += *value;
      ++with_false_brightening;
    }
  }
  EXPECT_LT(bright, bilateral - 0.02);
  ASSERT_GT(with_false_brightening, 0);
  EXPECT_LE(false_brightening / with_false_brightening, 0.03);
}

TEST(PredictCorpusTest, FlatMapsAreSeenAsSuch) {
  HDRP_NEEDS_CORPUS();
  const Evaluation seen =
      Judged({"phone/pixel9_esp32_anchor_alarm_PXL_20260204_162428316.jpg", "uhdr/pixel_lamps.jpg"},
             {Predictor::kIdentity});
  ASSERT_EQ(seen.files.size(), 2U);
  EXPECT_TRUE(seen.files[0].flat_map);
  EXPECT_FALSE(seen.files[1].flat_map);
}

TEST(PredictCorpusTest, CameraRawsFilesAreAGroupOfTheirOwn) {
  HDRP_NEEDS_CORPUS();
  const Evaluation seen = Judged({"uhdr/vearutop_old_acr.orig.jpg", "uhdr/vearutop_small_uhdr.jpg",
                                  "uhdr/libavif_seine_sdr_gainmap_srgb.jpg"},
                                 {Predictor::kIdentity, Predictor::kBright});
  for (const JudgedFile& file : seen.files) {
    EXPECT_EQ(file.group, WriterGroup::kAcr) << file.name;
    EXPECT_LT(*file.scores[1][Metric::kError], *file.scores[0][Metric::kError]) << file.name;
  }
}

TEST(PredictCorpusTest, APageOfTextIsNotLiftedAsAWhole) {
  HDRP_NEEDS_CORPUS();
  const auto page = DecodePngGray(test::ReadCorpus("sdr/clic_text_screenshot.png"), {});
  ASSERT_TRUE(page);
  const RasterSize size{page->width(), page->height()};
  AreaReducer reducer(size, 1, BrightWorkingSize(size));
  for (int y = 0; y < size.height; ++y) reducer.AddRow(page->Row(y));
  const auto luma = BilateralLuma(CodedLuma(reducer.Take().view()).view(), {});
  ASSERT_TRUE(luma);
  const Log2Gain gain = BrightGain(luma->view(), kHighlightsStyle);
  double sum = 0;
  for (int y = 0; y < gain.stops.height(); ++y) {
    for (const float stops : gain.stops.view().RowSpan(y)) sum += static_cast<double>(stops);
  }
  EXPECT_NEAR(sum / gain.stops.width() / gain.stops.height(), kHighlightsStyle.max_mean_stops,
              1e-4);
}

}  // namespace
}  // namespace hdrp
