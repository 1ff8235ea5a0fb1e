#include <gtest/gtest.h>
#include <png.h>

#include <vector>

#include "decode/png_pixels.h"
#include "support/corpus.h"

namespace hdrp {
namespace {

struct PngCase {
  std::string name;
  int color_type;
  int bits;
  int interlace;
  std::vector<std::uint8_t> pixel;  ///< the bytes of the one pixel that the picture repeats
  int gray;
};
void PrintTo(const PngCase& row, std::ostream* out) { *out << row.name; }

constexpr int kWidth = 13;
constexpr int kHeight = 9;

/// A picture of one colour.
Bytes MakePng(const PngCase& row) {
  Bytes bytes;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(
      png, &bytes,
      [](png_structp writer, png_bytep data, std::size_t size) {
        auto& target = *static_cast<Bytes*>(png_get_io_ptr(writer));
        target.insert(target.end(), data, data + size);
      },
      [](png_structp) {});
  png_set_IHDR(png, info, kWidth, kHeight, row.bits, row.color_type, row.interlace,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
  std::vector<std::uint8_t> line;
  for (int x = 0; x < kWidth; ++x) line.insert(line.end(), row.pixel.begin(), row.pixel.end());
  const int passes = png_set_interlace_handling(png);
  for (int i = 0; i < passes * kHeight; ++i) png_write_row(png, line.data());
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return bytes;
}

class DecodePngGrayTest : public testing::TestWithParam<PngCase> {};

TEST_P(DecodePngGrayTest, GivesOneGray) {
  const auto gray = DecodePngGray(MakePng(GetParam()), {});
  ASSERT_TRUE(gray) << gray.error().message;
  ASSERT_EQ(gray->width(), kWidth);
  ASSERT_EQ(gray->height(), kHeight);
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) ASSERT_EQ(gray->view().At(x, y), GetParam().gray);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, DecodePngGrayTest,
    testing::Values(
        PngCase{"gray", PNG_COLOR_TYPE_GRAY, 8, PNG_INTERLACE_NONE, {130}, 130},
        PngCase{"gray_16_rounded", PNG_COLOR_TYPE_GRAY, 16, PNG_INTERLACE_NONE, {0x00, 0xFF}, 1},
        PngCase{"gray_alpha", PNG_COLOR_TYPE_GRAY_ALPHA, 8, PNG_INTERLACE_NONE, {200, 51}, 40},
        PngCase{"white", PNG_COLOR_TYPE_RGB, 8, PNG_INTERLACE_NONE, {255, 255, 255}, 255},
        PngCase{"green_luma", PNG_COLOR_TYPE_RGB, 8, PNG_INTERLACE_NONE, {0, 255, 0}, 182},
        PngCase{"red_luma", PNG_COLOR_TYPE_RGB, 8, PNG_INTERLACE_NONE, {255, 0, 0}, 54},
        PngCase{"transparent", PNG_COLOR_TYPE_RGBA, 8, PNG_INTERLACE_NONE, {255, 255, 255, 0}, 0},
        PngCase{"interlaced", PNG_COLOR_TYPE_RGB, 8, PNG_INTERLACE_ADAM7, {90, 90, 90}, 90}),
    [](const auto& row) { return row.param.name; });

const PngCase kGray{"gray", PNG_COLOR_TYPE_GRAY, 8, PNG_INTERLACE_NONE, {130}, 130};

TEST(DecodePngGrayTest, ChecksTheLimits) {
  const Bytes png = MakePng(kGray);
  EXPECT_TRUE(DecodePngGray(png, {.max_pixels = kWidth * kHeight}));
  const auto refused = DecodePngGray(png, {.max_pixels = kWidth * kHeight - 1});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kTooLarge);
}

TEST(DecodePngGrayTest, CutOffFilesAreBadInput) {
  const Bytes png = MakePng(kGray);
  const std::size_t pixels_end = AsText(png).find("IEND");
  for (std::size_t size = 0; size < pixels_end - 8; ++size) {
    const auto gray = DecodePngGray(ByteView(png).first(size), {});
    ASSERT_FALSE(gray) << size;
    EXPECT_EQ(gray.error().code, ErrorCode::kBadInput);
  }
}

TEST(DecodePngGrayTest, ForeignFiles) {
  HDRP_NEEDS_CORPUS();
  for (const std::string name :
       {"sharp_16-bit-grey-alpha.png", "ljt_monkey16.png", "jxltest_P3-sRGB-color-ring.png",
        "jxltest_Nikon-D300-12bit_2020_g1_dt.png", "kodak15_portrait_face_paint.png"}) {
    const auto gray = DecodePngGray(test::ReadCorpus("sdr/" + name), {});
    EXPECT_TRUE(gray) << name << ": " << gray.error().message;
  }
  for (const std::string name : {"xcsn0g01.png", "xd0n2c08.png", "xs1n0g01.png",
                                 "sharp_truncated.png", "exiv2_issue_869_poc.png"}) {
    const auto gray = DecodePngGray(test::ReadCorpus("hostile/" + name), {});
    ASSERT_FALSE(gray) << name;
    EXPECT_EQ(gray.error().code, ErrorCode::kBadInput) << name;
  }
}

}  // namespace
}  // namespace hdrp
