#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "decode/jpeg_pixels.h"
#include "metadata/jpeg_structure.h"
#include "package/jpeg_encode.h"
#include "support/make_jpeg.h"

namespace hdrp {
namespace {

double MeanError(PlaneView<const std::uint8_t> a, PlaneView<const std::uint8_t> b) {
  double sum = 0;
  for (int y = 0; y < a.height; ++y) {
    for (std::size_t i = 0; i < a.RowSpan(y).size(); ++i) {
      sum += std::abs(a.RowSpan(y)[i] - b.RowSpan(y)[i]);
    }
  }
  return sum / (static_cast<double>(a.width) * a.height * a.channels);
}

struct EncodeCase {
  std::string name;
  int channels;
  JpegEncodeOptions options;
  int chroma_step;    ///< luma samples per chroma sample, each way
  double mean_error;  ///< codes, on smooth ramps
};
void PrintTo(const EncodeCase& row, std::ostream* out) { *out << row.name; }

class EncodeJpegTest : public testing::TestWithParam<EncodeCase> {};

TEST_P(EncodeJpegTest, HasTheSizeTheSamplingAndThePixels) {
  const EncodeCase& row = GetParam();
  for (const auto& [width, height] : {std::pair{1, 1}, std::pair{65, 49}, std::pair{256, 128}}) {
    const Plane<std::uint8_t> pixels = test::MakeRamps(width, height, row.channels);
    const auto jpeg = EncodeJpeg(pixels.view(), row.options);
    ASSERT_TRUE(jpeg) << jpeg.error().message;
    const auto stream = WalkJpeg(*jpeg, 0);
    ASSERT_TRUE(stream) << stream.error().message;
    ASSERT_EQ(stream->end, jpeg->size());
    ASSERT_EQ(stream->frame.components.size(), static_cast<std::size_t>(row.channels));
    EXPECT_EQ(stream->frame.components[0].horizontal, row.chroma_step);
    EXPECT_EQ(stream->frame.components[0].vertical, row.chroma_step);
    const auto decoded = DecodeJpeg(*jpeg, {.output = JpegOutput::kAsStored});
    ASSERT_TRUE(decoded) << decoded.error().message;
    EXPECT_TRUE(decoded->warnings.empty());
    ASSERT_EQ(decoded->pixels.width(), width);
    ASSERT_EQ(decoded->pixels.height(), height);
    ASSERT_EQ(decoded->pixels.channels(), row.channels);
    EXPECT_LE(MeanError(decoded->pixels.view(), pixels.view()), row.mean_error);
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, EncodeJpegTest,
                         testing::Values(EncodeCase{"grey_best", 1, {.quality = 100}, 1, 0.3},
                                         EncodeCase{"grey", 1, {.quality = 95}, 1, 1},
                                         EncodeCase{"grey_has_no_chroma", 1, {95, true}, 1, 1},
                                         EncodeCase{
                                             "colour_full_chroma", 3, {.quality = 95}, 1, 1.5},
                                         EncodeCase{"colour_half_chroma", 3, {95, true}, 2, 2}),
                         [](const auto& row) { return row.param.name; });

TEST(EncodeJpegTest, IsDeterministic) {
  const Plane<std::uint8_t> pixels = test::MakeRamps(90, 70, 3);
  EXPECT_EQ(*EncodeJpeg(pixels.view(), {}), *EncodeJpeg(pixels.view(), {}));
}

TEST(JpegRowWriterTest, BandsGiveTheSameBytesAsTheWhole) {
  for (const int channels : {1, 3}) {
    const Plane<std::uint8_t> pixels = test::MakeRamps(90, 70, channels);
    for (const bool optimize : {true, false}) {
      const JpegEncodeOptions options{.subsample_chroma = true, .optimize_coding = optimize};
      const auto whole = EncodeJpeg(pixels.view(), options);
      ASSERT_TRUE(whole);
      for (const int band_rows : {1, 7, 16, 69}) {
        auto writer = JpegRowWriter::Create(90, 70, channels, options);
        ASSERT_TRUE(writer);
        for (int y = 0; y < 70; y += band_rows) {
          auto band = pixels.view();
          band.data = pixels.Row(y);
          band.height = std::min(band_rows, 70 - y);
          ASSERT_TRUE(writer->Write(band));
        }
        EXPECT_EQ(std::move(*writer).Finish().value(), *whole);
      }
    }
  }
}

TEST(JpegRowWriterTest, RefusesTooManyAndTooFewRows) {
  const Plane<std::uint8_t> pixels = test::MakeRamps(8, 8, 1);
  auto writer = JpegRowWriter::Create(8, 12, 1, {});
  ASSERT_TRUE(writer);
  ASSERT_TRUE(writer->Write(pixels.view()));
  EXPECT_EQ(writer->Write(pixels.view()).error().code, ErrorCode::kInternal);
  EXPECT_FALSE(std::move(*writer).Finish());
}

TEST(EncodeJpegTest, MoreQualityIsCloser) {
  const Plane<std::uint8_t> pixels = test::MakeRamps(128, 128, 3);
  double before = 256;
  for (const int quality : {1, 50, 100}) {
    const auto jpeg = EncodeJpeg(pixels.view(), {.quality = quality});
    ASSERT_TRUE(jpeg);
    const auto decoded = DecodeJpeg(*jpeg, {});
    ASSERT_TRUE(decoded);
    const double error = MeanError(decoded->pixels.view(), pixels.view());
    EXPECT_LT(error, before) << quality;
    before = error;
  }
}

TEST(EncodeJpegTest, RefusesWhatItCannotWrite) {
  const Plane<std::uint8_t> pixels = test::MakeRamps(8, 8, 1);
  for (const int quality : {-1, 0, 101}) {
    const auto jpeg = EncodeJpeg(pixels.view(), {.quality = quality});
    ASSERT_FALSE(jpeg);
    EXPECT_EQ(jpeg.error().code, ErrorCode::kBadArgument);
  }
  EXPECT_EQ(EncodeJpeg(Plane<std::uint8_t>(8, 8, 4).view(), {}).error().code, ErrorCode::kInternal);
  // libjpeg's own limit, reported by its error exit.
  const Plane<std::uint8_t> wide(65'501, 1);
  const auto too_wide = EncodeJpeg(wide.view(), {});
  ASSERT_FALSE(too_wide);
  EXPECT_EQ(too_wide.error().code, ErrorCode::kExportFailed);
  EXPECT_FALSE(too_wide.error().message.empty());
}

}  // namespace
}  // namespace hdrp
