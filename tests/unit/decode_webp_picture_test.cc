#include <gtest/gtest.h>
#include <webp/encode.h>

#include "decode/picture.h"
#include "support/corpus.h"
#include "support/read_rows.h"

namespace hdrp {
namespace {

using test::ReadAllRows;

constexpr int kWidth = 40;
constexpr int kHeight = 24;

/// RGBA codes: the smooth picture, with one alpha for all.
Bytes Codes(std::uint8_t alpha) {
  const Plane<float> picture = test::SmoothPicture(kWidth, kHeight, 255);
  Bytes codes;
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      for (int c = 0; c < 3; ++c) {
        codes.push_back(
            static_cast<std::uint8_t>(std::lround(picture.view().At(x, y, c) * 255.0F)));
      }
      codes.push_back(alpha);
    }
  }
  return codes;
}

Bytes MakeWebp(std::uint8_t alpha, float quality) {  // quality < 0: lossless
  const Bytes codes = Codes(alpha);
  std::uint8_t* out = nullptr;
  const std::size_t size =
      quality < 0 ? WebPEncodeLosslessRGBA(codes.data(), kWidth, kHeight, kWidth * 4, &out)
                  : WebPEncodeRGBA(codes.data(), kWidth, kHeight, kWidth * 4, quality, &out);
  Bytes file(out, out + size);
  WebPFree(out);
  return file;
}

void AppendChunk(Bytes& file, std::string_view name, ByteView payload) {
  file.insert(file.end(), name.begin(), name.end());
  for (int i = 0; i < 4; ++i) {
    file.push_back(static_cast<std::uint8_t>(payload.size() >> (8 * i)));
  }
  file.insert(file.end(), payload.begin(), payload.end());
  if (payload.size() % 2 != 0) file.push_back(0);
}

/// The file's image data in the extended container. flags: 0x20 ICC, 0x08 EXIF, 0x04 XMP, 0x02
/// animation.
Bytes Extended(const Bytes& simple, std::uint8_t flags) {
  Bytes file(simple.begin(), simple.begin() + 12);
  const Bytes vp8x = {flags, 0, 0, 0, kWidth - 1, 0, 0, kHeight - 1, 0, 0};
  AppendChunk(file, "VP8X", vp8x);
  if ((flags & 0x20) != 0) AppendChunk(file, "ICCP", AsBytes("profile"));
  file.insert(file.end(), simple.begin() + 12, simple.end());
  if ((flags & 0x08) != 0) {
    AppendChunk(
        file, "EXIF",
        AsBytes({"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x08\0\0\0\0\0\0", 32}));
  }
  if ((flags & 0x04) != 0) AppendChunk(file, "XMP ", AsBytes("<x:xmpmeta/>"));
  const std::size_t riff = file.size() - 8;
  for (std::size_t i = 0; i < 4; ++i) file[4 + i] = static_cast<std::uint8_t>(riff >> (8 * i));
  return file;
}

TEST(WebpPictureTest, LosslessIsExact) {
  const Bytes file = MakeWebp(255, -1);
  const auto picture = ReadAllRows(OpenWebp, file);
  ASSERT_TRUE(picture) << picture.error().message;
  EXPECT_EQ(picture->info.format, FileFormat::kWebp);
  EXPECT_EQ(picture->info.bits, 8);
  EXPECT_FALSE(picture->info.color.stated);
  const Plane<float> expected = test::SmoothPicture(kWidth, kHeight, 255);
  EXPECT_EQ(test::MeanCodeError(picture->pixels.view(), expected.view(), 255), 0);
  test::ExpectSameInAnyBands(OpenWebp, file);
  test::ExpectLimitsHold(OpenWebp, file, kWidth * kHeight);
}

TEST(WebpPictureTest, LossyIsNear) {
  const Bytes file = MakeWebp(255, 95);
  const auto picture = ReadAllRows(OpenWebp, file);
  ASSERT_TRUE(picture) << picture.error().message;
  const Plane<float> expected = test::SmoothPicture(kWidth, kHeight, 255);
  EXPECT_LE(test::MeanCodeError(picture->pixels.view(), expected.view(), 255), 2);
  test::ExpectSameInAnyBands(OpenWebp, file);
}

TEST(WebpPictureTest, AlphaFollowsTheRule) {
  const Bytes file = MakeWebp(51, -1);
  test::ExpectAlphaRefused(OpenWebp, file);
  const Bytes codes = Codes(51);
  for (const Flatten flatten : {Flatten::kBlack, Flatten::kWhite}) {
    const auto picture = ReadAllRows(OpenWebp, file, {.flatten = flatten});
    ASSERT_TRUE(picture) << picture.error().message;
    const double ground = flatten == Flatten::kWhite ? 204 : 0;
    for (const int x : {0, 17, 39}) {
      const auto code = static_cast<double>(codes[static_cast<std::size_t>(x) * 4]);
      EXPECT_EQ(picture->pixels.view().At(x, 0, 0),
                static_cast<float>((code * 51 / 255 + ground) / 255));
    }
  }
}

TEST(WebpPictureTest, ReadsTheExtendedContainer) {
  const Bytes file = Extended(MakeWebp(255, 90), 0x2C);
  const auto picture = ReadAllRows(OpenWebp, file);
  ASSERT_TRUE(picture) << picture.error().message;
  EXPECT_EQ(AsText(picture->info.color.icc), "profile");
  EXPECT_TRUE(picture->info.color.stated);
  EXPECT_EQ(picture->info.xmp, "<x:xmpmeta/>");
  EXPECT_TRUE(StartsWith(picture->info.exif, "MM"));
  EXPECT_EQ(picture->info.orientation, Orientation::kLeftBottom);
  const auto refused = OpenWebp(file, {.limits = {.max_metadata_bytes = 11}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kTooLarge);
}

TEST(WebpPictureTest, AnimationsAreUnsupported) {
  const auto opened = OpenWebp(Extended(MakeWebp(255, 90), 0x02), {});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kUnsupported) << opened.error().message;
}

TEST(WebpPictureTest, CutOffFilesAreErrors) {
  for (const float quality : {-1.0F, 90.0F}) {
    const Bytes file = MakeWebp(255, quality);
    test::ExpectPrefixesFail(OpenWebp, file, file.size() - 1);
  }
  const Bytes file = Extended(MakeWebp(255, 90), 0x2C);
  test::ExpectPrefixesFail(OpenWebp, file, file.size() - 1);
}

TEST(WebpPictureTest, ForeignFiles) {
  HDRP_NEEDS_CORPUS();
  const auto picture =
      ReadAllRows(OpenWebp, test::ReadCorpus("sdr/sharp_4.webp"), {.flatten = Flatten::kWhite}, 64);
  EXPECT_TRUE(picture) << picture.error().message;
}

TEST(WebpPictureTest, HostileFilesEnd) {
  HDRP_NEEDS_CORPUS();
  test::ExpectHostileFilesEnd(OpenWebp, FileFormat::kWebp);
}

}  // namespace
}  // namespace hdrp
