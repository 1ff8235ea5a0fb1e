// Decoders that hold a whole picture have a limit of their own, and say which option lifts it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "decode/picture.h"
#include "metadata/jpeg_structure.h"
#include "support/corpus.h"
#include "support/make_jpeg.h"
#include "support/read_rows.h"

namespace hdrp {
namespace {

Expected<PictureInfo> Opened(ByteView file, std::uint32_t held_bytes) {
  auto picture = test::ReadAllRows(OpenPicture, file, {.limits = {.max_held_bytes = held_bytes}});
  if (!picture) return std::unexpected(std::move(picture.error()));
  return std::move(picture->info);
}

void ExpectRefused(ByteView file, std::uint32_t held_bytes, std::string_view name) {
  const auto refused = Opened(file, held_bytes);
  ASSERT_FALSE(refused) << name;
  EXPECT_EQ(refused.error().code, ErrorCode::kTooLarge) << name;
  EXPECT_THAT(refused.error().message, testing::HasSubstr("--max-memory")) << name;
}

TEST(HeldPictures, FormatsThatAreDecodedWhole) {
  HDRP_NEEDS_CORPUS();
  for (const std::string_view name :
       {"sdr/sharp_4.webp", "heic/libavif_seine_sdr_gainmap_srgb.avif", "heic/gwy15_IMG_3853.heic",
        "cases/jxl_gain_map/original.jxl"}) {
    const Bytes file = test::ReadCorpus(name);
    const auto opened = Opened(file, Limits{}.max_held_bytes);
    ASSERT_TRUE(opened) << name << ": " << opened.error().message;
    const auto pixels = static_cast<std::uint32_t>(opened->width * opened->height);
    ExpectRefused(file, pixels, name);  // a byte a pixel is too little for any of them
  }
}

TEST(HeldPictures, ProgressiveJpeg) {
  const Plane<std::uint8_t> ramps = test::MakeRamps(160, 96, 3);
  const Bytes progressive =
      test::MakeJpeg(ramps.view(), {.coding = test::JpegCoding::kProgressive});
  constexpr std::uint32_t kCoefficients = 160 * 96 * 3 * 2;
  EXPECT_EQ(CoefficientBytes(WalkJpeg(progressive, 0)->frame), kCoefficients);
  EXPECT_TRUE(Opened(progressive, kCoefficients));
  ExpectRefused(progressive, kCoefficients - 1, "progressive");
  EXPECT_TRUE(Opened(test::MakeJpeg(ramps.view()), 1));  // read in bands
}

TEST(HeldPictures, TheSizeLimitNamesItsOption) {
  const Bytes jpeg = test::MakeJpeg(test::MakeRamps(160, 96, 3).view());
  const auto refused = OpenPicture(jpeg, {.limits = {.max_pixels = 160 * 96 - 1}});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, testing::HasSubstr("--max-pixels"));
}

}  // namespace
}  // namespace hdrp
