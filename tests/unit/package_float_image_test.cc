#include <OpenEXR/ImfChannelList.h>
#include <OpenEXR/ImfFrameBuffer.h>
#include <OpenEXR/ImfHeader.h>
#include <OpenEXR/ImfInputFile.h>
#include <OpenEXR/ImfStandardAttributes.h>
#include <gtest/gtest.h>
#include <tiffio.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "base/file.h"
#include "package/float_image.h"

namespace hdrp {
namespace {

namespace fs = std::filesystem;

class FloatImageTest : public testing::TestWithParam<FileFormat> {
 protected:
  FloatImageTest() {
    std::string name = (fs::temp_directory_path() / "hdr-process-test-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~FloatImageTest() override { fs::remove_all(folder_); }

  fs::path folder_;
};

/// Values below black, above white, and large ones, all of them half floats.
Plane<float> MakePicture(int width, int height) {
  Plane<float> picture(width, height, 3);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < 3; ++c) {
        picture.view().At(x, y, c) = static_cast<float>((x * 7 + y * 3 + c) % 512 - 16) / 64;
      }
    }
  }
  picture.view().At(0, 0, 0) = 60000;
  return picture;
}

FloatImageInfo InfoOf(const Plane<float>& picture) {
  return {picture.width(), picture.height(), kDisplayP3Primaries, 6};
}

/// In bands of `rows`; an error's message, or empty.
std::string WriteAll(const fs::path& path, FileFormat format, const Plane<float>& picture,
                     int rows) {
  auto writer = FloatImageWriter::Create(path, format, InfoOf(picture));
  if (!writer) return writer.error().message;
  for (int y = 0; y < picture.height(); y += rows) {
    PlaneView<const float> band = picture.view();
    band.data = picture.Row(y);
    band.height = std::min(rows, picture.height() - y);
    if (const auto written = writer->Write(band); !written) return written.error().message;
  }
  const auto finished = writer->Finish();
  return finished ? "" : finished.error().message;
}

void ExpectExr(const fs::path& path, const Plane<float>& picture) {
  Imf::InputFile file(path.c_str());
  const Imf::Header& header = file.header();
  const Imath::Box2i window = header.dataWindow();
  ASSERT_EQ(window, Imath::Box2i({0, 0}, {picture.width() - 1, picture.height() - 1}));
  EXPECT_EQ(header.compression(), Imf::ZIP_COMPRESSION);
  EXPECT_EQ(Imf::whiteLuminance(header), 203);
  EXPECT_NEAR(Imf::chromaticities(header).green.x, 0.265, 1e-6);
  EXPECT_NEAR(Imf::chromaticities(header).white.y, 0.3290, 1e-6);
  EXPECT_FALSE(Imf::hasCapDate(header));
  Plane<float> read(picture.width(), picture.height(), 3);
  Imf::FrameBuffer buffer;
  constexpr std::array kNames = {"R", "G", "B"};
  for (std::size_t c = 0; c < 3; ++c) {
    ASSERT_EQ(header.channels()[kNames[c]].type, Imf::HALF);
    buffer.insert(kNames[c],
                  Imf::Slice::Make(Imf::FLOAT, read.Row(0) + c, window, 3 * sizeof(float),
                                   read.view().stride * sizeof(float)));
  }
  file.setFrameBuffer(buffer);
  file.readPixels(0, picture.height() - 1);
  for (int y = 0; y < picture.height(); ++y) {
    ASSERT_TRUE(std::ranges::equal(read.view().RowSpan(y), picture.view().RowSpan(y))) << y;
  }
}

template <typename T>
T Field(TIFF* tiff, std::uint32_t tag) {
  T value{};
  EXPECT_EQ(TIFFGetField(tiff, tag, &value), 1) << tag;
  return value;
}

void ExpectTiff(const fs::path& path, const Plane<float>& picture) {
  const std::unique_ptr<TIFF, decltype(&TIFFClose)> file(TIFFOpen(path.c_str(), "r"), &TIFFClose);
  ASSERT_TRUE(file);
  TIFF* tiff = file.get();
  EXPECT_EQ(Field<std::uint32_t>(tiff, TIFFTAG_IMAGEWIDTH),
            static_cast<std::uint32_t>(picture.width()));
  ASSERT_EQ(Field<std::uint32_t>(tiff, TIFFTAG_IMAGELENGTH),
            static_cast<std::uint32_t>(picture.height()));
  EXPECT_EQ(Field<std::uint16_t>(tiff, TIFFTAG_BITSPERSAMPLE), 32);
  EXPECT_EQ(Field<std::uint16_t>(tiff, TIFFTAG_SAMPLEFORMAT), SAMPLEFORMAT_IEEEFP);
  EXPECT_EQ(Field<std::uint16_t>(tiff, TIFFTAG_SAMPLESPERPIXEL), 3);
  EXPECT_EQ(Field<std::uint16_t>(tiff, TIFFTAG_COMPRESSION), COMPRESSION_ADOBE_DEFLATE);
  EXPECT_EQ(Field<std::uint16_t>(tiff, TIFFTAG_PREDICTOR), PREDICTOR_FLOATINGPOINT);
  EXPECT_EQ(Field<std::uint16_t>(tiff, TIFFTAG_ORIENTATION), 6);
  EXPECT_NEAR(Field<const float*>(tiff, TIFFTAG_PRIMARYCHROMATICITIES)[2], 0.265, 1e-6);
  EXPECT_NEAR(Field<const float*>(tiff, TIFFTAG_WHITEPOINT)[0], 0.3127, 1e-6);
  EXPECT_EQ(TIFFIsByteSwapped(tiff) != 0, std::endian::native == std::endian::big);
  for (const auto tag : std::array<std::uint32_t, 2>{TIFFTAG_DATETIME, TIFFTAG_SOFTWARE}) {
    char* text = nullptr;
    EXPECT_EQ(TIFFGetField(tiff, tag, &text), 0);
  }
  std::vector<float> row(static_cast<std::size_t>(picture.width()) * 3);
  for (int y = 0; y < picture.height(); ++y) {
    ASSERT_EQ(TIFFReadScanline(tiff, row.data(), static_cast<std::uint32_t>(y), 0), 1);
    ASSERT_TRUE(std::ranges::equal(row, picture.view().RowSpan(y))) << y;
  }
}

TEST_P(FloatImageTest, EverySampleComesBackWhateverTheBands) {
  for (const auto& [width, height, rows] : {std::tuple{1, 1, 1}, std::tuple{33, 50, 64},
                                            std::tuple{70, 131, 64}, std::tuple{20, 40, 7}}) {
    const Plane<float> picture = MakePicture(width, height);
    const fs::path path = folder_ / "picture";
    ASSERT_EQ(WriteAll(path, GetParam(), picture, rows), "");
    if (GetParam() == FileFormat::kOpenExr) {
      ExpectExr(path, picture);
    } else {
      ExpectTiff(path, picture);
    }
    fs::remove(path);
  }
}

TEST_P(FloatImageTest, TheBytesDependOnThePixelsAlone) {
  const Plane<float> picture = MakePicture(67, 150);
  ASSERT_EQ(WriteAll(folder_ / "a", GetParam(), picture, 150), "");
  ASSERT_EQ(WriteAll(folder_ / "b", GetParam(), picture, 11), "");
  EXPECT_EQ(*ReadFile(folder_ / "a", {}), *ReadFile(folder_ / "b", {}));
}

TEST_P(FloatImageTest, UnwritablePlacesAreIoFailed) {
  const auto writer =
      FloatImageWriter::Create(folder_ / "no" / "picture", GetParam(), InfoOf(MakePicture(8, 8)));
  ASSERT_FALSE(writer);
  EXPECT_EQ(writer.error().code, ErrorCode::kIoFailed);
  EXPECT_NE(writer.error().where.find("picture"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Formats, FloatImageTest,
                         testing::Values(FileFormat::kOpenExr, FileFormat::kTiff),
                         [](const auto& row) {
                           return row.param == FileFormat::kOpenExr ? "exr" : "tiff";
                         });

/// /dev/full takes a file's opening but none of its bytes.
TEST_P(FloatImageTest, AFullDiskIsIoFailed) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full";
  EXPECT_NE(WriteAll("/dev/full", GetParam(), MakePicture(300, 300), 64), "");
}

TEST(ExrTest, WhatHalvesCannotHoldIsTheLargestOne) {
  std::string folder = (fs::temp_directory_path() / "hdr-process-test-XXXXXX").string();
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  const fs::path path = fs::path(folder) / "picture";
  Plane<float> picture(2, 1, 3);
  picture.view().At(0, 0, 0) = 1e9F;
  picture.view().At(1, 0, 2) = -std::numeric_limits<float>::infinity();
  ASSERT_EQ(WriteAll(path, FileFormat::kOpenExr, picture, 1), "");
  picture.view().At(0, 0, 0) = 65504;
  picture.view().At(1, 0, 2) = -65504;
  ExpectExr(path, picture);
  fs::remove_all(folder);
}

}  // namespace
}  // namespace hdrp
