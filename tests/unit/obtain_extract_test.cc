#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "decode/jpeg_pixels.h"
#include "gainmap/coloured.h"
#include "obtain/extract.h"
#include "support/make_jpeg.h"

namespace hdrp {
namespace {

using testing::HasSubstr;

/// A map stream at the start of `jpeg`, with metadata as a reader would have found them.
GainMapStream MapIn(ByteView jpeg, MetadataSource source) {
  GainMapStream map;
  map.stream = WalkJpeg(jpeg, 0).value();
  map.source = source;
  map.metadata.gain_map_max = {2, 2, 2};
  map.metadata.alternate_hdr_headroom = 2;
  return map;
}

TEST(ExtractGainMapTest, KeepsCodesAndNumbers) {
  const Bytes jpeg = test::MakeJpeg(test::MakeRamps(20, 10, 1).view());
  const auto map =
      ExtractGainMap(jpeg, MapIn(jpeg, MetadataSource::kIso), AppleTransfer::kGamma22, {});
  ASSERT_TRUE(map) << map.error().message;
  const auto stored = DecodeJpeg(jpeg, {.output = JpegOutput::kAsStored});
  ASSERT_EQ(map->codes.channels(), 1);
  EXPECT_EQ(map->codes.view().At(7, 3), stored->pixels.view().At(7, 3));
  EXPECT_EQ(map->metadata.gain_map_max[1], 2);
}

TEST(ExtractGainMapTest, ConvertsApplesCodesByTheTable) {
  const Bytes jpeg = test::MakeJpeg(test::MakeRamps(20, 10, 1).view());
  GainMapStream stream = MapIn(jpeg, MetadataSource::kApple);
  stream.apple_headroom_linear = 4;
  const auto stored = DecodeJpeg(jpeg, {.output = JpegOutput::kAsStored});
  for (const AppleTransfer transfer :
       {AppleTransfer::kGamma22, AppleTransfer::kSrgb, AppleTransfer::kRec709}) {
    const auto map = ExtractGainMap(jpeg, stream, transfer, {});
    ASSERT_TRUE(map);
    const auto table = IsoCodesFromLegacy(4, transfer);
    for (int x = 0; x < 20; ++x) {
      EXPECT_EQ(map->codes.view().At(x, 5), table[stored->pixels.view().At(x, 5)]);
    }
  }
}

TEST(ExtractGainMapTest, OtherPrimariesMatterOnlyToColour) {
  Plane<std::uint8_t> neutral(16, 16, 3);
  for (int y = 0; y < 16; ++y) {
    for (int i = 0; i < 48; ++i) neutral.Row(y)[i] = static_cast<std::uint8_t>(10 * y);
  }
  const Bytes gray_jpeg = test::MakeJpeg(neutral.view());
  GainMapStream gray = MapIn(gray_jpeg, MetadataSource::kIso);
  gray.metadata.use_base_color_space = false;
  const auto grey_map = ExtractGainMap(gray_jpeg, gray, AppleTransfer::kGamma22, {});
  ASSERT_TRUE(grey_map);
  EXPECT_FALSE(NeedsAlternatePrimaries(*grey_map));
  gray.metadata.gain_map_max[2] += 0.5;  // equal codes, other gains
  EXPECT_TRUE(NeedsAlternatePrimaries(
      ExtractGainMap(gray_jpeg, gray, AppleTransfer::kGamma22, {}).value()));

  const Bytes color_jpeg = test::MakeJpeg(test::MakeRamps(16, 16, 3).view());
  GainMapStream color = MapIn(color_jpeg, MetadataSource::kIso);
  EXPECT_FALSE(NeedsAlternatePrimaries(
      ExtractGainMap(color_jpeg, color, AppleTransfer::kGamma22, {}).value()));
  color.metadata.use_base_color_space = false;
  EXPECT_TRUE(NeedsAlternatePrimaries(
      ExtractGainMap(color_jpeg, color, AppleTransfer::kGamma22, {}).value()));
}

TEST(ExtractGainMapTest, RefusesDamagedSamples) {
  Bytes jpeg = test::MakeJpeg(test::MakeRamps(64, 64, 1).view());
  jpeg.erase(jpeg.end() - 200, jpeg.end() - 2);
  const auto map =
      ExtractGainMap(jpeg, MapIn(jpeg, MetadataSource::kIso), AppleTransfer::kGamma22, {});
  ASSERT_FALSE(map);
  EXPECT_EQ(map.error().code, ErrorCode::kBadInput);
  EXPECT_THAT(map.error().message, HasSubstr("samples are damaged"));
}

TEST(ExtractGainMapTest, ChecksTheLimits) {
  const Bytes jpeg = test::MakeJpeg(test::MakeRamps(20, 10, 1).view());
  EXPECT_EQ(ExtractGainMap(jpeg, MapIn(jpeg, MetadataSource::kIso), AppleTransfer::kGamma22,
                           {.max_pixels = 199})
                .error()
                .code,
            ErrorCode::kTooLarge);
}

}  // namespace
}  // namespace hdrp
