// The predictor on real photographs: its published errors per picture, and the text limit.
#include <gtest/gtest.h>

#include <string>

#include "decode/gain_map_jpeg.h"
#include "decode/jpeg_pixels.h"
#include "decode/png_pixels.h"
#include "obtain/area_reducer.h"
#include "obtain/bright.h"
#include "support/corpus.h"
#include "support/score.h"

namespace hdrp {
namespace {

Plane<float> WorkingLumaOf(PlaneView<const std::uint8_t> pixels) {
  const RasterSize size{pixels.width, pixels.height};
  AreaReducer reducer(size, pixels.channels, BrightWorkingSize(size));
  for (int y = 0; y < pixels.height; ++y) reducer.AddRow(pixels.Row(y));
  return CodedLuma(reducer.Take().view());
}

/// The gain at working size.
Log2Gain Predicted(PlaneView<const std::uint8_t> pixels) {
  auto filtered = BilateralLuma(WorkingLumaOf(pixels).view(), {.threads = 0, .stop = {}});
  EXPECT_TRUE(filtered);
  return BrightGain(filtered->view(), kPhoneStyle);
}

Plane<std::uint8_t> DecodedPrimary(const Bytes& file) {
  auto decoded = DecodeJpeg(file, {.output = JpegOutput::kRgb, .limits = {}, .stop = {}});
  EXPECT_TRUE(decoded) << decoded.error().message;
  return std::move(decoded->pixels);
}

// Measured with other code from the same definitions. "Nothing" is the error of
// leaving the picture as it is.
TEST(PredictCorpusTest, ErrorsOnPhonePicturesAreThePublishedOnes) {
  HDRP_NEEDS_CORPUS();
  struct Row {
    std::string file;
    double nothing, bright, mean_gain;
  };
  const Row rows[] = {
      {"pixel6pro_mishaal_01.jpg", 1.177, .795, .385},
      {"pixel_lamps.jpg", .153, .166, .143},
      {"pixel_night_highrise.jpg", .125, .090, .040},
      {"pixel_desert_palms.jpg", .413, .227, .199},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.file);
    const Bytes file = test::ReadCorpus("uhdr/" + row.file);
    const Plane<float> target = test::TargetStops(file);
    const Log2Gain gain = Predicted(DecodedPrimary(file).view());
    const test::Score score = test::ScoreOf(gain.stops.view(), target.view());
    const Plane<float> zero(gain.stops.width(), gain.stops.height());
    const test::Score nothing = test::ScoreOf(zero.view(), target.view());
    EXPECT_NEAR(nothing.mean_absolute_error_stops, row.nothing, 0.005);
    EXPECT_NEAR(score.mean_absolute_error_stops, row.bright, 0.005);
    EXPECT_NEAR(score.mean_predicted_stops, row.mean_gain, 0.005);
  }
}

double MeanOf(const Log2Gain& gain) {
  const Plane<float> zero(gain.stops.width(), gain.stops.height());
  return test::ScoreOf(gain.stops.view(), zero.view()).mean_predicted_stops;
}

TEST(PredictCorpusTest, APageOfTextIsNotLiftedAsAWhole) {
  HDRP_NEEDS_CORPUS();
  const auto page = DecodePngGray(test::ReadCorpus("sdr/clic_text_screenshot.png"), {});
  ASSERT_TRUE(page);
  EXPECT_NEAR(MeanOf(Predicted(page->view())), kPhoneStyle.max_mean_stops, 1e-4);
}

}  // namespace
}  // namespace hdrp
