#include <avif/avif.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>

#include "decode/picture.h"
#include "support/corpus.h"
#include "support/read_rows.h"

namespace hdrp {
namespace {

using test::ReadAllRows;

constexpr int kWidth = 80;
constexpr int kHeight = 48;

struct AvifSpec {
  unsigned bits = 8;
  avifPixelFormat format = AVIF_PIXEL_FORMAT_YUV444;
  std::uint16_t primaries = 1, transfer = 13, matrix = 6;
  std::string icc = {};
  int alpha = -1;  ///< a code for the whole picture; < 0: no alpha
  bool premultiplied = false;
  bool transforms_from_exif = false;
  int turn = -1, mirror = -1;
  bool crop = false;
  std::string exif = {}, xmp = {};
  int frames = 1;
};

/// The smooth picture as full-range AV1, losslessly coded after the matrix.
Bytes MakeAvif(const AvifSpec& spec) {
  const int largest = (1 << spec.bits) - 1;
  const Plane<float> picture = test::SmoothPicture(kWidth, kHeight, largest);
  avifImage* image = avifImageCreate(kWidth, kHeight, spec.bits, spec.format);
  image->yuvRange = AVIF_RANGE_FULL;
  image->colorPrimaries = spec.primaries;
  image->transferCharacteristics = spec.transfer;
  image->matrixCoefficients = spec.matrix;
  image->alphaPremultiplied = spec.premultiplied ? AVIF_TRUE : AVIF_FALSE;
  Plane<std::uint16_t> codes(kWidth, kHeight, 4);
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      for (int c = 0; c < 3; ++c) {
        codes.view().At(x, y, c) = static_cast<std::uint16_t>(
            std::lround(picture.view().At(x, y, c) * static_cast<float>(largest)));
      }
      codes.view().At(x, y, 3) = static_cast<std::uint16_t>(std::max(spec.alpha, 0));
    }
  }
  Bytes narrow;
  avifRGBImage rgb{};
  avifRGBImageSetDefaults(&rgb, image);
  rgb.format = AVIF_RGB_FORMAT_RGBA;
  rgb.ignoreAlpha = spec.alpha < 0 ? AVIF_TRUE : AVIF_FALSE;
  rgb.alphaPremultiplied = image->alphaPremultiplied;
  if (spec.bits > 8) {
    rgb.pixels = reinterpret_cast<std::uint8_t*>(codes.view().data);
    rgb.rowBytes = static_cast<std::uint32_t>(codes.view().stride * 2);
  } else {
    for (int y = 0; y < kHeight; ++y) {
      for (const std::uint16_t code : codes.view().RowSpan(y)) {
        narrow.push_back(static_cast<std::uint8_t>(code));
      }
    }
    rgb.pixels = narrow.data();
    rgb.rowBytes = kWidth * 4;
  }
  EXPECT_EQ(avifImageRGBToYUV(image, &rgb), AVIF_RESULT_OK);
  if (!spec.icc.empty()) {
    EXPECT_EQ(avifImageSetProfileICC(image, AsBytes(spec.icc).data(), spec.icc.size()),
              AVIF_RESULT_OK);
  }
  if (!spec.exif.empty()) {
    EXPECT_EQ(avifImageSetMetadataExif(image, AsBytes(spec.exif).data(), spec.exif.size()),
              AVIF_RESULT_OK);
  }
  if (!spec.xmp.empty()) {
    EXPECT_EQ(avifImageSetMetadataXMP(image, AsBytes(spec.xmp).data(), spec.xmp.size()),
              AVIF_RESULT_OK);
  }
  if (!spec.transforms_from_exif) image->transformFlags = AVIF_TRANSFORM_NONE;
  if (spec.turn >= 0) {
    image->transformFlags |= AVIF_TRANSFORM_IROT;
    image->irot.angle = static_cast<std::uint8_t>(spec.turn);
  }
  if (spec.mirror >= 0) {
    image->transformFlags |= AVIF_TRANSFORM_IMIR;
    image->imir.axis = static_cast<std::uint8_t>(spec.mirror);
  }
  if (spec.crop) {
    image->transformFlags |= AVIF_TRANSFORM_CLAP;
    image->clap = {kWidth / 2, 1, kHeight / 2, 1, 0, 1, 0, 1};
  }
  avifEncoder* encoder = avifEncoderCreate();
  encoder->speed = 10;
  encoder->quality = AVIF_QUALITY_LOSSLESS;
  encoder->qualityAlpha = AVIF_QUALITY_LOSSLESS;
  for (int i = 0; i < spec.frames; ++i) {
    EXPECT_EQ(avifEncoderAddImage(
                  encoder, image, 1,
                  spec.frames == 1 ? AVIF_ADD_IMAGE_FLAG_SINGLE : AVIF_ADD_IMAGE_FLAG_NONE),
              AVIF_RESULT_OK)
        << encoder->diag.error;
  }
  avifRWData out = AVIF_DATA_EMPTY;
  EXPECT_EQ(avifEncoderFinish(encoder, &out), AVIF_RESULT_OK) << encoder->diag.error;
  Bytes file(out.data, out.data + out.size);
  avifRWDataFree(&out);
  avifEncoderDestroy(encoder);
  avifImageDestroy(image);
  return file;
}

struct AvifCase {
  std::string name;
  AvifSpec spec;
  Transfer transfer;
  Chromaticities primaries;
};
void PrintTo(const AvifCase& row, std::ostream* out) { *out << row.name; }
class AvifColorTest : public testing::TestWithParam<AvifCase> {};

TEST_P(AvifColorTest, ComesBack) {
  const AvifSpec& spec = GetParam().spec;
  const Bytes file = MakeAvif(spec);
  ASSERT_EQ(Sniff(file), FileFormat::kAvif);
  const auto picture = ReadAllRows(OpenAvif, file);
  ASSERT_TRUE(picture) << picture.error().message;
  EXPECT_EQ(picture->info.bits, static_cast<int>(spec.bits));
  EXPECT_EQ(picture->info.channels, 3);
  EXPECT_TRUE(picture->info.color.stated);
  EXPECT_TRUE(picture->info.color.icc.empty());
  EXPECT_EQ(picture->info.color.transfer, GetParam().transfer);
  EXPECT_EQ(picture->info.color.primaries, GetParam().primaries);
  const int largest = (1 << spec.bits) - 1;
  const Plane<float> expected = test::SmoothPicture(kWidth, kHeight, largest);
  EXPECT_LE(test::MeanCodeError(picture->pixels.view(), expected.view(), largest), 1);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, AvifColorTest,
    testing::Values(
        AvifCase{"srgb_8", {}, Transfer::kSrgb, kRec709Primaries},
        AvifCase{
            "srgb_8_420", {.format = AVIF_PIXEL_FORMAT_YUV420}, Transfer::kSrgb, kRec709Primaries},
        AvifCase{
            "p3_identity_8", {.primaries = 12, .matrix = 0}, Transfer::kSrgb, kDisplayP3Primaries},
        AvifCase{"pq_10",
                 {.bits = 10, .primaries = 9, .transfer = 16, .matrix = 9},
                 Transfer::kPq,
                 kRec2020Primaries},
        AvifCase{"hlg_10",
                 {.bits = 10, .primaries = 9, .transfer = 18, .matrix = 9},
                 Transfer::kHlg,
                 kRec2020Primaries},
        AvifCase{"pq_12",
                 {.bits = 12, .primaries = 9, .transfer = 16, .matrix = 9},
                 Transfer::kPq,
                 kRec2020Primaries},
        AvifCase{"pq_over_icc",
                 {.bits = 10, .primaries = 9, .transfer = 16, .matrix = 9, .icc = "profile"},
                 Transfer::kPq,
                 kRec2020Primaries}),
    [](const auto& row) { return row.param.name; });

TEST(AvifPictureTest, IccOverOtherCodePoints) {
  const auto opened = OpenAvif(MakeAvif({.icc = "profile"}), {});
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(AsText(opened->info.color.icc), "profile");
}

// Writers that forget the box are common, and viewers show their files.
TEST(AvifPictureTest, WithoutPixiItIsReadAndSaid) {
  Bytes file = MakeAvif({});
  const auto whole = ReadAllRows(OpenAvif, file);
  ASSERT_TRUE(whole);
  EXPECT_TRUE(whole->info.warnings.empty());
  constexpr std::string_view kPixi = "pixi";
  const auto at = std::ranges::search(file, kPixi);
  ASSERT_FALSE(at.empty());
  std::ranges::copy(std::string_view("free"), at.begin());
  const auto picture = ReadAllRows(OpenAvif, file);
  ASSERT_TRUE(picture) << picture.error().message;
  ASSERT_EQ(picture->info.warnings.size(), 1U);
  EXPECT_NE(picture->info.warnings[0].find("pixi"), std::string::npos);
  for (int y = 0; y < kHeight; ++y) {
    EXPECT_TRUE(
        std::ranges::equal(whole->pixels.view().RowSpan(y), picture->pixels.view().RowSpan(y)));
  }
}

TEST(AvifPictureTest, BandsAndLimits) {
  const Bytes file = MakeAvif({});
  test::ExpectSameInAnyBands(OpenAvif, file);
  test::ExpectLimitsHold(OpenAvif, file, kWidth * kHeight);
}

TEST(AvifPictureTest, AlphaFollowsTheRule) {
  const auto opaque = ReadAllRows(OpenAvif, MakeAvif({.matrix = 0, .alpha = 255}));
  EXPECT_TRUE(opaque) << opaque.error().message;
  const Bytes file = MakeAvif({.matrix = 0, .alpha = 51});
  test::ExpectAlphaRefused(OpenAvif, file);
  const Plane<float> colors = test::SmoothPicture(kWidth, kHeight, 255);
  for (const Flatten flatten : {Flatten::kBlack, Flatten::kWhite}) {
    const auto picture = ReadAllRows(OpenAvif, file, {.flatten = flatten});
    ASSERT_TRUE(picture) << picture.error().message;
    const float ground = flatten == Flatten::kWhite ? 0.8F : 0;
    EXPECT_NEAR(picture->pixels.view().At(40, 20, 0), colors.view().At(40, 20, 0) / 5 + ground,
                1e-6);
  }
}

TEST(AvifPictureTest, PremultipliedColorsAreNotMultipliedAgain) {
  // Codes of at most a fifth of the alpha would be legal; these only have to come through as
  // stored.
  const Bytes file = MakeAvif({.matrix = 0, .alpha = 250, .premultiplied = true});
  const auto picture = ReadAllRows(OpenAvif, file, {.flatten = Flatten::kBlack});
  ASSERT_TRUE(picture) << picture.error().message;
  const Plane<float> colors = test::SmoothPicture(kWidth, kHeight, 255);
  EXPECT_EQ(picture->pixels.view().At(40, 20, 0), colors.view().At(40, 20, 0));
}

std::string TiffWithOrientation(char orientation) {
  std::string tiff{"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0", 26};
  tiff[19] = orientation;
  return tiff;
}

TEST(AvifPictureTest, LibavifTurnsAsTheExifSays) {
  for (char orientation = 1; orientation <= 8; ++orientation) {
    const auto opened = OpenAvif(
        MakeAvif({.transforms_from_exif = true, .exif = TiffWithOrientation(orientation)}), {});
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ(static_cast<int>(opened->info.orientation), orientation);
  }
}

TEST(AvifPictureTest, ContainerTurnsThePictureAndTheExifDoesNot) {
  const std::string tiff = TiffWithOrientation(6);
  const auto plain = OpenAvif(MakeAvif({.exif = tiff, .xmp = "<x:xmpmeta/>"}), {});
  ASSERT_TRUE(plain) << plain.error().message;
  EXPECT_EQ(plain->info.orientation, Orientation::kTopLeft);
  EXPECT_EQ(AsText(plain->info.exif), tiff);
  EXPECT_EQ(plain->info.xmp, "<x:xmpmeta/>");
  const auto turned = OpenAvif(MakeAvif({.turn = 1, .mirror = 1, .exif = tiff}), {});
  ASSERT_TRUE(turned) << turned.error().message;
  EXPECT_EQ(turned->info.orientation, Orientation::kRightBottom);
}

TEST(AvifPictureTest, CroppedAndMovingPicturesAreUnsupported) {
  for (const Bytes& file : {MakeAvif({.crop = true}), MakeAvif({.frames = 2})}) {
    const auto opened = OpenAvif(file, {});
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::kUnsupported) << opened.error().message;
  }
}

TEST(AvifPictureTest, CutOffFilesAreErrors) {
  const Bytes file = MakeAvif({.bits = 10, .primaries = 9, .transfer = 16, .matrix = 9});
  test::ExpectPrefixesFail(OpenAvif, file, file.size() - 1, 5);
}

TEST(AvifPictureTest, DamagedFilesEnd) {
  const Bytes file = MakeAvif({});
  for (std::size_t at = 0; at < file.size(); at += 11) {
    Bytes damaged = file;
    damaged[at] ^= 0x55;
    (void)ReadAllRows(OpenAvif, damaged, {.limits = {.max_pixels = 1'000'000}});
  }
}

TEST(AvifPictureTest, ForeignFiles) {
  HDRP_NEEDS_CORPUS();
  const auto seine =
      ReadAllRows(OpenAvif, test::ReadCorpus("float/seine_hdr_rec2020.avif"), {}, 64);
  ASSERT_TRUE(seine) << seine.error().message;
  EXPECT_EQ(seine->info.color.transfer, Transfer::kPq);
  EXPECT_EQ(seine->info.color.primaries, kRec2020Primaries);
  for (const test::CorpusFile& file : test::CorpusFiles("heic")) {
    if (!file.name.ends_with(".avif")) continue;
    SCOPED_TRACE(file.name);
    const auto picture =
        ReadAllRows(OpenAvif, test::ReadWhole(file.path), {.flatten = Flatten::kWhite}, 64);
    if (file.name.contains("with_extra_bytes")) {  // libavif reads no file with such a gain map
      ASSERT_FALSE(picture);
      EXPECT_EQ(picture.error().code, ErrorCode::kBadInput);
      continue;
    }
    EXPECT_TRUE(picture) << picture.error().message;
  }
}

}  // namespace
}  // namespace hdrp
