#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <stop_token>

#include "decode/jpeg_pixels.h"
#include "metadata/jpeg_structure.h"
#include "support/corpus.h"
#include "support/make_jpeg.h"

namespace hdrp {
namespace {

using test::JpegCoding;
using test::JpegColor;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

int LargestDifference(PlaneView<const std::uint8_t> a, PlaneView<const std::uint8_t> b) {
  int largest = 0;
  for (int y = 0; y < a.height; ++y) {
    for (int x = 0; x < a.width * a.channels; ++x) {
      largest = std::max(largest, std::abs(a.Row(y)[x] - b.Row(y)[x]));
    }
  }
  return largest;
}

struct CodingCase {
  std::string name;
  int channels;
  test::JpegRecipe recipe;
  int tolerance;  ///< codes; rounding of DCT and of YCbCr at quality 100
};
void PrintTo(const CodingCase& row, std::ostream* out) { *out << row.name; }

class DecodeJpegTest : public testing::TestWithParam<CodingCase> {};

TEST_P(DecodeJpegTest, GivesBackThePixels) {
  const CodingCase& row = GetParam();
  const Plane<std::uint8_t> pixels = test::MakeRamps(61, 43, row.channels);
  const auto decoded =
      DecodeJpeg(test::MakeJpeg(pixels.view(), row.recipe), {.output = JpegOutput::kAsStored});
  ASSERT_TRUE(decoded) << decoded.error().message;
  ASSERT_EQ(decoded->pixels.width(), 61);
  ASSERT_EQ(decoded->pixels.height(), 43);
  ASSERT_EQ(decoded->pixels.channels(), row.channels);
  EXPECT_LE(LargestDifference(decoded->pixels.view(), pixels.view()), row.tolerance);
  EXPECT_THAT(decoded->warnings, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Codings, DecodeJpegTest,
    testing::Values(CodingCase{"gray", 1, {}, 1}, CodingCase{"ycc", 3, {}, 3},
                    CodingCase{"rgb_by_app14", 3, {.color = JpegColor::kRgb}, 1},
                    CodingCase{"progressive", 3, {.coding = JpegCoding::kProgressive}, 3},
                    CodingCase{"progressive_gray", 1, {.coding = JpegCoding::kProgressive}, 1},
                    CodingCase{"arithmetic", 3, {.coding = JpegCoding::kArithmetic}, 3},
                    CodingCase{"restart_markers", 3, {.restart_rows = 1}, 3}),
    [](const auto& row) { return row.param.name; });

TEST(DecodeJpegTest, GrayOutputOfYccIsItsLuma) {
  const Plane<std::uint8_t> pixels = test::MakeRamps(32, 32, 3);
  const auto decoded = DecodeJpeg(test::MakeJpeg(pixels.view()), {.output = JpegOutput::kGray});
  ASSERT_TRUE(decoded);
  ASSERT_EQ(decoded->pixels.channels(), 1);
  for (int y = 0; y < 32; y += 7) {
    for (int x = 0; x < 32; x += 5) {
      const auto view = pixels.view();
      const double luma =
          0.299 * view.At(x, y, 0) + 0.587 * view.At(x, y, 1) + 0.114 * view.At(x, y, 2);
      EXPECT_NEAR(decoded->pixels.view().At(x, y), luma, 1.6) << x << ", " << y;
    }
  }
}

TEST(DecodeJpegTest, RgbOutputOfGrayRepeatsIt) {
  const Plane<std::uint8_t> pixels = test::MakeRamps(16, 16, 1);
  const auto decoded = DecodeJpeg(test::MakeJpeg(pixels.view()), {});
  ASSERT_TRUE(decoded);
  ASSERT_EQ(decoded->pixels.channels(), 3);
  const auto view = decoded->pixels.view();
  EXPECT_EQ(view.At(9, 3, 0), view.At(9, 3, 2));
  EXPECT_NEAR(view.At(9, 3, 1), pixels.view().At(9, 3), 1);
}

TEST(DecodeJpegTest, ScaledSizesAreRoundedUp) {
  const Bytes jpeg = test::MakeJpeg(test::MakeRamps(61, 43, 3).view());
  for (const int denominator : {1, 2, 4, 8}) {
    const auto decoded = DecodeJpeg(jpeg, {.scale_denominator = denominator});
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->pixels.width(), (61 + denominator - 1) / denominator);
    EXPECT_EQ(decoded->pixels.height(), (43 + denominator - 1) / denominator);
  }
}

TEST(JpegRowReaderTest, BandsGiveTheSamePixelsAsTheWhole) {
  const Bytes jpeg = test::MakeJpeg(test::MakeRamps(40, 50, 3).view(), {.quality = 80});
  const auto whole = DecodeJpeg(jpeg, {});
  ASSERT_TRUE(whole);
  auto reader = JpegRowReader::Open(jpeg, {});
  ASSERT_TRUE(reader);
  for (int y = 0; y < 50;) {
    const int rows = std::min(7, 50 - y);
    Plane<std::uint8_t> band(40, rows, 3);
    ASSERT_TRUE(reader->Read(band.view()));
    for (int i = 0; i < rows; ++i) {
      EXPECT_TRUE(std::equal(band.Row(i), band.Row(i) + 120, whole->pixels.Row(y + i)));
    }
    y += rows;
    EXPECT_EQ(reader->rows_read(), y);
  }
  Plane<std::uint8_t> more(40, 1, 3);
  EXPECT_EQ(reader->Read(more.view()).error().code, ErrorCode::kInternal);
}

TEST(DecodeJpegTest, CutOffDataWarns) {
  Bytes jpeg = test::MakeJpeg(test::MakeRamps(64, 64, 3).view());
  jpeg.resize(jpeg.size() / 2);
  const auto decoded = DecodeJpeg(jpeg, {});
  ASSERT_TRUE(decoded);
  EXPECT_THAT(decoded->warnings, Not(IsEmpty()));
}

/// `jpeg` with a frame header that says another size.
Bytes WithSize(Bytes jpeg, int width, int height) {
  const JpegStream stream = WalkJpeg(jpeg, 0).value();
  for (const JpegSegment& segment : stream.segments) {
    if (segment.marker != stream.frame.marker) continue;
    std::uint8_t* sof = jpeg.data() + segment.position;
    sof[5] = static_cast<std::uint8_t>(height >> 8);
    sof[6] = static_cast<std::uint8_t>(height & 0xFF);
    sof[7] = static_cast<std::uint8_t>(width >> 8);
    sof[8] = static_cast<std::uint8_t>(width & 0xFF);
  }
  return jpeg;
}

TEST(DecodeJpegTest, ChecksTheLimitsFirst) {
  const Bytes jpeg = test::MakeJpeg(test::MakeRamps(64, 64, 1).view());
  EXPECT_EQ(DecodeJpeg(jpeg, {.limits = {.max_pixels = 4095}}).error().code, ErrorCode::kTooLarge);
  EXPECT_TRUE(DecodeJpeg(jpeg, {.limits = {.max_pixels = 4096}}));
  EXPECT_EQ(DecodeJpeg(WithSize(jpeg, 20000, 20000), {}).error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(DecodeJpeg(WithSize(jpeg, 64, 0), {}).error().code, ErrorCode::kBadInput);
}

TEST(DecodeJpegTest, RefusesMorePixelsThanTheBytesCanHold) {
  const Bytes jpeg = test::MakeJpeg(test::MakeRamps(64, 64, 1).view());
  const auto decoded = DecodeJpeg(WithSize(jpeg, 8000, 8000), {});
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, ErrorCode::kBadInput);
  EXPECT_THAT(decoded.error().message, HasSubstr("cannot hold a picture of 8000 x 8000"));
}

TEST(DecodeJpegTest, BoundsTheCoefficientsOfProgressiveFiles) {
  Bytes jpeg =
      test::MakeJpeg(test::MakeRamps(64, 64, 3).view(), {.coding = JpegCoding::kProgressive});
  jpeg = WithSize(std::move(jpeg), 10000, 10000);
  jpeg.insert(jpeg.end() - 2, 200'000, 0);  // enough bytes for 100 MP; 600 MB of coefficients
  const auto decoded = DecodeJpeg(jpeg, {});
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, ErrorCode::kTooLarge);
  EXPECT_THAT(decoded.error().message, HasSubstr("held whole"));
}

TEST(DecodeJpegTest, RefusesHundredsOfScans) {
  const Bytes jpeg =
      test::MakeJpeg(test::MakeRamps(64, 64, 1).view(), {.coding = JpegCoding::kProgressive});
  // The last scan, once more and once more.
  const std::string_view text = AsText(jpeg);
  const std::string_view last_scan =
      text.substr(text.rfind("\xFF\xDA"), text.size() - 2 - text.rfind("\xFF\xDA"));
  std::string bomb(text.substr(0, text.size() - 2));
  for (int i = 0; i < 600; ++i) bomb += last_scan;
  bomb += "\xFF\xD9";
  const auto decoded = DecodeJpeg(AsBytes(bomb), {});
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, ErrorCode::kBadInput);
  EXPECT_THAT(decoded.error().message, HasSubstr("more than 500 scans"));
}

TEST(DecodeJpegTest, StopsWhenAsked) {
  std::stop_source source;
  source.request_stop();
  for (const JpegCoding coding : {JpegCoding::kBaseline, JpegCoding::kProgressive}) {
    const Bytes jpeg = test::MakeJpeg(test::MakeRamps(64, 64, 1).view(), {.coding = coding});
    const auto decoded =
        DecodeJpeg(jpeg, {.stop = {.token = source.get_token(), .deadline = std::nullopt}});
    ASSERT_FALSE(decoded);
    EXPECT_EQ(decoded.error().code, ErrorCode::kInterrupted);
  }
}

TEST(DecodeJpegTest, RefusesCmyk) {
  const Bytes jpeg = test::MakeJpeg(test::MakeRamps(16, 16, 4).view(), {.color = JpegColor::kCmyk});
  const auto decoded = DecodeJpeg(jpeg, {});
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(decoded.error().message, HasSubstr("found 4"));
}

struct ForeignCase {
  std::string file;
  std::optional<ErrorCode> error;  ///< nullopt: decodes without a warning
};

// Files of other writers.
TEST(DecodeJpegTest, ForeignFiles) {
  HDRP_NEEDS_CORPUS();
  const ForeignCase rows[] = {
      {"sdr/jxltest_flower.png.im_q85_444.jpg", std::nullopt},
      {"sdr/jxltest_flower.png.im_q85_420_progr.jpg", std::nullopt},
      {"sdr/jxltest_flower.png.im_q85_rgb.jpg", std::nullopt},
      {"sdr/ljt_testimgari.jpg", std::nullopt},
      {"sdr/ljt_monkey12.jpg", ErrorCode::kUnsupported},
      {"sdr/sharp_Channel_digital_image_CMYK_color.jpg", ErrorCode::kUnsupported},
      {"sdr/sharp_giant-image.jpg", ErrorCode::kTooLarge},
      {"sdr/sharp_corrupt-header.jpg", ErrorCode::kBadInput},
      {"sdr/sharp_truncated.jpg", ErrorCode::kBadInput},
      {"hostile/ljt_random9_98x93_lossless_psv2_pt1.jpg", ErrorCode::kUnsupported},
  };
  for (const ForeignCase& row : rows) {
    SCOPED_TRACE(row.file);
    const auto decoded = DecodeJpeg(test::ReadCorpus(row.file), {.scale_denominator = 8});
    EXPECT_EQ(decoded.has_value(), !row.error);
    if (decoded) {
      EXPECT_THAT(decoded->warnings, IsEmpty());
    } else {
      EXPECT_EQ(decoded.error().code, row.error) << decoded.error().message;
    }
  }
}

// The same picture, coded as YCbCr and as RGB: the marker that tells them apart is obeyed.
TEST(DecodeJpegTest, ForeignRgbCodingAgreesWithYcc) {
  HDRP_NEEDS_CORPUS();
  const JpegDecodeOptions options{.scale_denominator = 8};
  const auto ycc = DecodeJpeg(test::ReadCorpus("sdr/jxltest_flower.png.im_q85_444.jpg"), options);
  const auto rgb = DecodeJpeg(test::ReadCorpus("sdr/jxltest_flower.png.im_q85_rgb.jpg"), options);
  ASSERT_TRUE(ycc && rgb);
  EXPECT_LE(LargestDifference(ycc->pixels.view(), rgb->pixels.view()), 12);
}

}  // namespace
}  // namespace hdrp
