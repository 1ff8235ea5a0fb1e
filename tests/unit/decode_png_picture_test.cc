#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <png.h>

#include <functional>
#include <vector>

#include "decode/picture.h"
#include "support/corpus.h"
#include "support/read_rows.h"

namespace hdrp {
namespace {

using test::ReadAllRows;
using test::ReadPicture;

constexpr int kWidth = 13;
constexpr int kHeight = 9;

struct PngSpec {
  int color_type = PNG_COLOR_TYPE_RGB;
  int bits = 8;
  int interlace = PNG_INTERLACE_NONE;
  std::vector<std::uint8_t> pixel = {10, 20, 30};  ///< of the one pixel that the picture repeats
  std::function<void(png_structp, png_infop)> chunks = {};
  std::function<void(png_structp, png_infop)> late_chunks = {};  ///< behind the pixels
  bool varied = false;  ///< the first byte of a pixel grows with its position
};

/// A picture of one colour. Samples below 8 bits come one to a byte, 16 bits big-endian.
Bytes MakePng(const PngSpec& spec) {
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
  png_set_IHDR(png, info, kWidth, kHeight, spec.bits, spec.color_type, spec.interlace,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (spec.chunks) spec.chunks(png, info);
  png_write_info(png, info);
  png_set_packing(png);
  const int passes = png_set_interlace_handling(png);
  for (int pass = 0; pass < passes; ++pass) {
    for (int y = 0; y < kHeight; ++y) {
      std::vector<std::uint8_t> line;
      for (int x = 0; x < kWidth; ++x) {
        line.insert(line.end(), spec.pixel.begin(), spec.pixel.end());
        if (spec.varied) {
          line[line.size() - spec.pixel.size()] = static_cast<std::uint8_t>(y * kWidth + x);
        }
      }
      png_write_row(png, line.data());
    }
  }
  if (spec.late_chunks) spec.late_chunks(png, info);
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return bytes;
}

/// The picture's one pixel; fails the test where the pixels differ.
std::vector<float> OnePixel(const ReadPicture& picture) {
  const auto view = picture.pixels.view();
  const std::vector<float> first(view.data, view.data + view.channels);
  for (int y = 0; y < view.height; ++y) {
    for (int x = 0; x < view.width; ++x) {
      for (int c = 0; c < view.channels; ++c) {
        EXPECT_EQ(view.At(x, y, c), first[static_cast<std::size_t>(c)]) << x << ", " << y;
      }
    }
  }
  return first;
}

struct DepthCase {
  std::string name;
  PngSpec spec;
  int bits;
  std::vector<float> expected;
};
void PrintTo(const DepthCase& row, std::ostream* out) { *out << row.name; }

void OnePaletteEntry(png_structp png, png_infop info) {
  const std::array<png_color, 2> palette = {{{1, 2, 3}, {40, 50, 60}}};
  png_set_PLTE(png, info, palette.data(), 2);
}

class PngDepthTest : public testing::TestWithParam<DepthCase> {};

TEST_P(PngDepthTest, GivesCodeOverLargestCode) {
  const Bytes file = MakePng(GetParam().spec);
  const auto picture = ReadAllRows(OpenPng, file);
  ASSERT_TRUE(picture) << picture.error().message;
  EXPECT_EQ(picture->info.width, kWidth);
  EXPECT_EQ(picture->info.height, kHeight);
  EXPECT_EQ(picture->info.channels, static_cast<int>(GetParam().expected.size()));
  EXPECT_EQ(picture->info.bits, GetParam().bits);
  EXPECT_FALSE(picture->info.is_float);
  EXPECT_FALSE(picture->info.color.stated);
  EXPECT_EQ(picture->info.color.transfer, Transfer::kSrgb);
  EXPECT_EQ(OnePixel(*picture), GetParam().expected);
  test::ExpectSameInAnyBands(OpenPng, file);
}

constexpr int kAdam7 = PNG_INTERLACE_ADAM7;
INSTANTIATE_TEST_SUITE_P(
    Kinds, PngDepthTest,
    testing::Values(
        DepthCase{"gray_1", {.color_type = PNG_COLOR_TYPE_GRAY, .bits = 1, .pixel = {1}}, 1, {1}},
        DepthCase{
            "gray_2", {.color_type = PNG_COLOR_TYPE_GRAY, .bits = 2, .pixel = {1}}, 2, {1.0F / 3}},
        DepthCase{
            "gray_4", {.color_type = PNG_COLOR_TYPE_GRAY, .bits = 4, .pixel = {7}}, 4, {7.0F / 15}},
        DepthCase{"gray_8", {.color_type = PNG_COLOR_TYPE_GRAY, .pixel = {130}}, 8, {130.0F / 255}},
        DepthCase{"gray_16",
                  {.color_type = PNG_COLOR_TYPE_GRAY, .bits = 16, .pixel = {0x12, 0x34}},
                  16,
                  {4660.0F / 65535}},
        DepthCase{"rgb_8", {.pixel = {0, 51, 255}}, 8, {0, 51.0F / 255, 1}},
        DepthCase{"rgb_16",
                  {.bits = 16, .pixel = {0xFF, 0xFF, 0, 1, 0x80, 0}},
                  16,
                  {1, 1.0F / 65535, 32768.0F / 65535}},
        DepthCase{"palette_2",
                  {.color_type = PNG_COLOR_TYPE_PALETTE,
                   .bits = 2,
                   .pixel = {1},
                   .chunks = OnePaletteEntry},
                  8,
                  {40.0F / 255, 50.0F / 255, 60.0F / 255}},
        DepthCase{"interlaced_rgb_16",
                  {.bits = 16, .interlace = kAdam7, .pixel = {0xFF, 0xFF, 0, 1, 0x80, 0}},
                  16,
                  {1, 1.0F / 65535, 32768.0F / 65535}},
        DepthCase{"interlaced_gray_1",
                  {.color_type = PNG_COLOR_TYPE_GRAY, .bits = 1, .interlace = kAdam7, .pixel = {1}},
                  1,
                  {1}},
        DepthCase{"opaque_gray_alpha",
                  {.color_type = PNG_COLOR_TYPE_GRAY_ALPHA, .pixel = {51, 255}},
                  8,
                  {51.0F / 255}},
        DepthCase{"opaque_rgba_16",
                  {.color_type = PNG_COLOR_TYPE_RGBA,
                   .bits = 16,
                   .pixel = {0, 1, 0, 2, 0, 3, 0xFF, 0xFF}},
                  16,
                  {1.0F / 65535, 2.0F / 65535, 3.0F / 65535}}),
    [](const auto& row) { return row.param.name; });

TEST(PngPictureTest, InterlacedRowsEqualPlainOnes) {
  const auto plain = ReadAllRows(OpenPng, MakePng({.varied = true}));
  const auto interlaced = ReadAllRows(OpenPng, MakePng({.interlace = kAdam7, .varied = true}));
  ASSERT_TRUE(plain && interlaced);
  for (int y = 0; y < kHeight; ++y) {
    EXPECT_TRUE(
        std::ranges::equal(plain->pixels.view().RowSpan(y), interlaced->pixels.view().RowSpan(y)));
  }
}

struct AlphaCase {
  std::string name;
  PngSpec spec;
  std::vector<float> on_black, on_white;
};
void PrintTo(const AlphaCase& row, std::ostream* out) { *out << row.name; }
class PngAlphaTest : public testing::TestWithParam<AlphaCase> {};

TEST_P(PngAlphaTest, FollowsTheRule) {
  const Bytes file = MakePng(GetParam().spec);
  test::ExpectAlphaRefused(OpenPng, file);
  const auto black = ReadAllRows(OpenPng, file, {.flatten = Flatten::kBlack});
  ASSERT_TRUE(black) << black.error().message;
  EXPECT_EQ(OnePixel(*black), GetParam().on_black);
  const auto white = ReadAllRows(OpenPng, file, {.flatten = Flatten::kWhite});
  ASSERT_TRUE(white) << white.error().message;
  EXPECT_EQ(OnePixel(*white), GetParam().on_white);
}

void TransparentPixelColor(png_structp png, png_infop info) {
  const png_color_16 color{.index = 0, .red = 9, .green = 8, .blue = 7, .gray = 0};
  png_set_tRNS(png, info, nullptr, 0, &color);
}
void TranslucentPaletteEntry(png_structp png, png_infop info) {
  OnePaletteEntry(png, info);
  const std::array<png_byte, 2> alpha = {255, 51};
  png_set_tRNS(png, info, alpha.data(), 2, nullptr);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, PngAlphaTest,
    testing::Values(AlphaCase{"rgba_8",  // alpha 51 / 255 is one fifth
                              {.color_type = PNG_COLOR_TYPE_RGBA, .pixel = {255, 0, 100, 51}},
                              {51.0F / 255, 0, 20.0F / 255},
                              {1, 204.0F / 255, 224.0F / 255}},
                    AlphaCase{"gray_alpha_16",
                              {.color_type = PNG_COLOR_TYPE_GRAY_ALPHA,
                               .bits = 16,
                               .pixel = {0xFF, 0xFF, 0x33, 0x33}},
                              {13107.0F / 65535},
                              {1}},
                    AlphaCase{"transparent_color",
                              {.pixel = {9, 8, 7}, .chunks = TransparentPixelColor},
                              {0, 0, 0},
                              {1, 1, 1}},
                    AlphaCase{"translucent_palette",
                              {.color_type = PNG_COLOR_TYPE_PALETTE,
                               .pixel = {1},
                               .chunks = TranslucentPaletteEntry},
                              {8.0F / 255, 10.0F / 255, 12.0F / 255},
                              {212.0F / 255, 214.0F / 255, 216.0F / 255}}),
    [](const auto& row) { return row.param.name; });

TEST(PngPictureTest, UnusedTransparencyPasses) {
  EXPECT_TRUE(ReadAllRows(OpenPng, MakePng({.chunks = TransparentPixelColor})));
}

/// A profile that libpng accepts: a header and a tag of noise (libpng refuses chunks that deflate
/// to too little).
Bytes TinyIcc() {
  Bytes icc(244, 0);
  for (std::size_t i = 144; i < icc.size(); ++i)
    icc[i] = static_cast<std::uint8_t>(i * i * 37 >> 3);
  icc[3] = 244;
  icc[131] = 1;  // one tag: its name, offset 144, size 100
  icc[8] = 2;
  const auto put = [&](std::size_t at, std::string_view text) {
    std::ranges::copy(text, icc.begin() + static_cast<std::ptrdiff_t>(at));
  };
  put(12, "mntrRGB XYZ ");
  put(36, "acsp");
  put(132, "desc");
  icc[139] = 144;
  icc[143] = 100;
  const std::array<std::uint8_t, 12> d50 = {0, 0, 0xF6, 0xD6, 0, 1, 0, 0, 0, 0, 0xD3, 0x2D};
  std::ranges::copy(d50, icc.begin() + 68);
  return icc;
}
void PutIcc(png_structp png, png_infop info) {
  const Bytes icc = TinyIcc();
  png_set_iCCP(png, info, "tiny", 0, icc.data(), static_cast<png_uint_32>(icc.size()));
}

struct ColorCase {
  std::string name;
  std::function<void(png_structp, png_infop)> chunks;
  Transfer transfer;
  Chromaticities primaries;
  bool has_icc = false;
};
void PrintTo(const ColorCase& row, std::ostream* out) { *out << row.name; }
class PngColorTest : public testing::TestWithParam<ColorCase> {};

TEST_P(PngColorTest, FollowsThePrecedence) {
  const auto opened = OpenPng(MakePng({.chunks = GetParam().chunks}), {});
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_THAT(opened->info.warnings, testing::IsEmpty());
  const ColorSpec& color = opened->info.color;
  EXPECT_TRUE(color.stated);
  EXPECT_EQ(!color.icc.empty(), GetParam().has_icc);
  if (GetParam().has_icc) {
    EXPECT_EQ(color.icc, TinyIcc());
    return;
  }
  EXPECT_EQ(color.transfer, GetParam().transfer);
  const auto near = [](const std::array<double, 2>& a, const std::array<double, 2>& b) {
    EXPECT_NEAR(a[0], b[0], 1e-4);
    EXPECT_NEAR(a[1], b[1], 1e-4);
  };
  near(color.primaries.red, GetParam().primaries.red);
  near(color.primaries.green, GetParam().primaries.green);
  near(color.primaries.blue, GetParam().primaries.blue);
  near(color.primaries.white, GetParam().primaries.white);
}

std::function<void(png_structp, png_infop)> Cicp(png_byte primaries, png_byte transfer,
                                                 png_byte matrix = 0, png_byte full = 1) {
  return [=](png_structp png, png_infop info) {
    png_set_cICP(png, info, primaries, transfer, matrix, full);
  };
}
/// Also values that libpng does not write.
std::function<void(png_structp, png_infop)> RawCicp(png_byte primaries, png_byte transfer,
                                                    png_byte matrix, png_byte full) {
  return [=](png_structp png, png_infop info) {
    std::array<png_byte, 4> data = {primaries, transfer, matrix, full};
    png_unknown_chunk chunk{.name = {'c', 'I', 'C', 'P', 0},
                            .data = data.data(),
                            .size = data.size(),
                            .location = PNG_HAVE_IHDR};
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_ALWAYS, chunk.name, 1);
    png_set_unknown_chunks(png, info, &chunk, 1);
  };
}
constexpr Chromaticities kAdobeRgb{{0.64, 0.33}, {0.21, 0.71}, {0.15, 0.06}, {0.3127, 0.3290}};
void PutChrm(png_structp png, png_infop info, const Chromaticities& xy) {
  png_set_cHRM(png, info, xy.white[0], xy.white[1], xy.red[0], xy.red[1], xy.green[0], xy.green[1],
               xy.blue[0], xy.blue[1]);
}
std::function<void(png_structp, png_infop)> Gamma(double gamma) {
  return [=](png_structp png, png_infop info) { png_set_gAMA(png, info, gamma); };
}

INSTANTIATE_TEST_SUITE_P(
    Chunks, PngColorTest,
    testing::Values(ColorCase{"cicp_pq", Cicp(9, 16), Transfer::kPq, kRec2020Primaries},
                    ColorCase{"cicp_hlg", Cicp(9, 18), Transfer::kHlg, kRec2020Primaries},
                    ColorCase{"cicp_p3", Cicp(12, 13), Transfer::kSrgb, kDisplayP3Primaries},
                    ColorCase{"cicp_linear", Cicp(1, 8), Transfer::kLinear, kRec709Primaries},
                    ColorCase{"cicp_709", Cicp(1, 1), Transfer::kRec709, kRec709Primaries},
                    ColorCase{"cicp_2020_10", Cicp(9, 14), Transfer::kRec709, kRec2020Primaries},
                    ColorCase{"cicp_gamma_22", Cicp(1, 4), Transfer::kGamma22, kRec709Primaries},
                    ColorCase{"cicp_gamma_28", Cicp(1, 5), Transfer::kGamma28, kRec709Primaries},
                    ColorCase{"cicp_wins",
                              [](png_structp png, png_infop header) {
                                PutIcc(png, header);
                                png_set_cICP(png, header, 9, 16, 0, 1);
                              },
                              Transfer::kPq, kRec2020Primaries},
                    ColorCase{"icc", PutIcc, Transfer::kSrgb, {}, true},
                    ColorCase{"icc_over_gamma",
                              [](png_structp png, png_infop header) {
                                PutIcc(png, header);
                                png_set_gAMA(png, header, 1.0);
                              },
                              Transfer::kSrgb,
                              {},
                              true},
                    ColorCase{"srgb",
                              [](png_structp png, png_infop header) {
                                png_set_sRGB_gAMA_and_cHRM(png, header, PNG_sRGB_INTENT_PERCEPTUAL);
                              },
                              Transfer::kSrgb, kRec709Primaries},
                    ColorCase{"srgb_over_gamma",
                              [](png_structp png, png_infop header) {
                                png_set_gAMA(png, header, 1.0);
                                png_set_sRGB(png, header, PNG_sRGB_INTENT_PERCEPTUAL);
                              },
                              Transfer::kSrgb, kRec709Primaries},
                    ColorCase{"gamma_of_srgb", Gamma(0.45455), Transfer::kSrgb, kRec709Primaries},
                    ColorCase{"gamma_1", Gamma(1.0), Transfer::kLinear, kRec709Primaries},
                    ColorCase{"gamma_28", Gamma(0.35714), Transfer::kGamma28, kRec709Primaries},
                    ColorCase{"adobe_rgb",
                              [](png_structp png, png_infop header) {
                                png_set_gAMA(png, header, 0.45470);
                                PutChrm(png, header, kAdobeRgb);
                              },
                              Transfer::kGamma22, kAdobeRgb},
                    ColorCase{"primaries_alone",
                              [](png_structp png, png_infop header) {
                                PutChrm(png, header, kDisplayP3Primaries);
                              },
                              Transfer::kSrgb, kDisplayP3Primaries}),
    [](const auto& row) { return row.param.name; });

TEST(PngPictureTest, RefusesColorsItCannotName) {
  for (const auto& chunks : {RawCicp(9, 16, 9, 1), RawCicp(9, 16, 0, 0), RawCicp(10, 13, 0, 1),
                             RawCicp(9, 17, 0, 1), Gamma(1 / 1.8)}) {
    const auto opened = OpenPng(MakePng({.chunks = chunks}), {});
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::kUnsupported) << opened.error().message;
  }
}

constexpr std::string_view kExif{"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0",
                                 26};
void PutExif(png_structp png, png_infop info) {
  Bytes exif(kExif.begin(), kExif.end());
  png_set_eXIf_1(png, info, static_cast<png_uint_32>(exif.size()), exif.data());
}
void PutXmp(png_structp png, png_infop info) {
  std::string keyword = "XML:com.adobe.xmp", packet = "<x:xmpmeta/>", empty;
  png_text text{};
  text.compression = PNG_ITXT_COMPRESSION_NONE;
  text.key = keyword.data();
  text.text = packet.data();
  text.itxt_length = packet.size();
  text.lang = empty.data();
  text.lang_key = empty.data();
  png_set_text(png, info, &text, 1);
}

TEST(PngPictureTest, FindsExifAndXmpAnywhere) {
  const auto both = [](png_structp png, png_infop info) {
    PutExif(png, info);
    PutXmp(png, info);
  };
  for (const Bytes& file :
       {MakePng({.chunks = both}), MakePng({.chunks = PutExif, .late_chunks = PutXmp})}) {
    const auto opened = OpenPng(file, {});
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ(AsText(opened->info.exif), kExif);
    EXPECT_EQ(opened->info.xmp, "<x:xmpmeta/>");
    EXPECT_EQ(opened->info.orientation, Orientation::kRightTop);
    const auto refused = OpenPng(file, {.limits = {.max_metadata_bytes = 25}});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kTooLarge);
  }
}

TEST(PngPictureTest, ChecksTheLimits) {
  test::ExpectLimitsHold(OpenPng, MakePng({}), kWidth * kHeight);
  // An interlaced one is held whole.
  const Bytes interlaced = MakePng({.interlace = kAdam7});
  constexpr std::uint32_t kHeld = kWidth * kHeight * 3;
  EXPECT_TRUE(OpenPng(interlaced, {.limits = {.max_held_bytes = kHeld}}));
  const auto refused = OpenPng(interlaced, {.limits = {.max_held_bytes = kHeld - 1}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kTooLarge);
  EXPECT_NE(refused.error().message.find("--max-memory"), std::string::npos);
}

TEST(PngPictureTest, CutOffFilesAreErrors) {
  for (const int interlace : {PNG_INTERLACE_NONE, kAdam7}) {
    const Bytes file = MakePng({.interlace = interlace, .varied = true});
    test::ExpectPrefixesFail(OpenPng, file, AsText(file).find("IEND") - 8);
  }
}

TEST(PngPictureTest, ABandOfAnotherShapeIsInternal) {
  auto rows = OpenPng(MakePng({}), {});
  ASSERT_TRUE(rows);
  Plane<float> tall(kWidth, kHeight + 1, 3);
  const auto read = rows->read(tall.view());
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::kInternal);
}

TEST(PngPictureTest, ForeignFiles) {
  HDRP_NEEDS_CORPUS();
  int count = 0;
  for (const test::CorpusFile& file : test::CorpusFiles("sdr")) {
    if (!file.name.ends_with(".png")) continue;
    SCOPED_TRACE(file.name);
    ++count;
    const auto picture =
        ReadAllRows(OpenPng, test::ReadWhole(file.path), {.flatten = Flatten::kBlack}, 64);
    EXPECT_TRUE(picture) << picture.error().message;
  }
  EXPECT_GE(count, 5);
  const auto nikon = OpenPng(test::ReadCorpus("sdr/jxltest_Nikon-D300-12bit_2020_g1_dt.png"), {});
  ASSERT_TRUE(nikon);
  EXPECT_EQ(nikon->info.bits, 16);
}

TEST(PngPictureTest, HostileFilesEnd) {
  HDRP_NEEDS_CORPUS();
  test::ExpectHostileFilesEnd(OpenPng, FileFormat::kPng);
}

}  // namespace
}  // namespace hdrp
