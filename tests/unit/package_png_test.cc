#include <gtest/gtest.h>
#include <png.h>

#include <array>
#include <string>
#include <vector>

#include "base/byte_reader.h"
#include "package/png_write.h"
#include "support/make_jpeg.h"

namespace hdrp {
namespace {

/// Read back by libpng's own simple reader.
std::vector<std::uint8_t> Decoded(const Bytes& png, unsigned format, int width, int height) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  EXPECT_NE(png_image_begin_read_from_memory(&image, png.data(), png.size()), 0) << image.message;
  EXPECT_EQ(image.width, static_cast<unsigned>(width));
  EXPECT_EQ(image.height, static_cast<unsigned>(height));
  EXPECT_EQ(image.format, format);
  image.format = format;
  std::vector<std::uint8_t> pixels(PNG_IMAGE_SIZE(image));
  EXPECT_NE(png_image_finish_read(&image, nullptr, pixels.data(), 0, nullptr), 0) << image.message;
  return pixels;
}

std::vector<std::string> ChunkNames(const Bytes& png) {
  std::vector<std::string> names;
  ByteReader reader(png);
  EXPECT_TRUE(reader.Skip(8));
  while (const auto length = reader.U32()) {
    const auto name = reader.Read(4);
    if (!name || !reader.Skip(*length + 4)) break;
    names.emplace_back(AsText(*name));
  }
  return names;
}

TEST(EncodePngTest, KeepsEverySample) {
  for (const int channels : {1, 3}) {
    for (const auto& [width, height] : {std::pair{1, 1}, std::pair{37, 11}, std::pair{300, 200}}) {
      const Plane<std::uint8_t> pixels = test::MakeRamps(width, height, channels);
      const auto png = EncodePng(pixels.view());
      ASSERT_TRUE(png) << png.error().message;
      const auto format = channels == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
      const std::vector<std::uint8_t> decoded =
          Decoded(*png, static_cast<unsigned>(format), width, height);
      std::size_t at = 0;
      for (int y = 0; y < height; ++y) {
        for (const std::uint8_t sample : pixels.view().RowSpan(y)) ASSERT_EQ(decoded[at++], sample);
      }
    }
  }
}

TEST(EncodePngTest, SamplesAreCodesWithoutColour) {
  for (const int channels : {1, 3}) {
    const auto png = EncodePng(test::MakeRamps(40, 30, channels).view());
    ASSERT_TRUE(png);
    for (const std::string& name : ChunkNames(*png)) {
      EXPECT_TRUE(name == "IHDR" || name == "IDAT" || name == "IEND") << name;
    }
  }
}

TEST(EncodePngTest, IsDeterministic) {
  const Plane<std::uint8_t> pixels = test::MakeRamps(90, 70, 3);
  EXPECT_EQ(*EncodePng(pixels.view()), *EncodePng(pixels.view()));
}

TEST(EncodePngTest, OtherChannelCountsAreRefused) {
  for (const int channels : {2, 4}) {
    const auto png = EncodePng(Plane<std::uint8_t>(4, 4, channels).view());
    ASSERT_FALSE(png);
    EXPECT_EQ(png.error().code, ErrorCode::kInternal);
  }
}

}  // namespace
}  // namespace hdrp
