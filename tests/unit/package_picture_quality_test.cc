// What the default qualities of HEIC and AVIF cost, on real photographs. docs/formats.md lists the
// measurements by which they were chosen.
#include <avif/avif.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "base/formatted.h"
#include "decode/gain_map_jpeg.h"
#include "decode/jpeg_pixels.h"
#include "metadata/heif_structure.h"
#include "package/picture_file.h"
#include "support/corpus.h"
#include "support/libheif_file.h"
#include "support/written_picture.h"

namespace hdrp {
namespace {

Plane<std::uint8_t> Cropped(PlaneView<const std::uint8_t> image, int x, int y, int width,
                            int height) {
  Plane<std::uint8_t> crop(width, height, image.channels);
  for (int row = 0; row < height; ++row) {
    std::copy_n(&image.At(x, y + row), crop.view().RowSpan(row).size(), crop.Row(row));
  }
  return crop;
}

/// The middle of a photo, a multiple of the map's scale in size.
test::WrittenPicture MiddleOf(const std::string& name, int width, int height) {
  const Bytes file = test::ReadCorpus("uhdr/" + name);
  const auto container = ReadGainMapJpeg(file, {});
  EXPECT_TRUE(container && container->map);
  const GainMapStream& map = *container->map;
  const auto base = DecodeJpeg(container->primary.In(file), {});
  const auto codes = DecodeJpeg(map.stream.In(file), {.output = JpegOutput::kAsStored});
  EXPECT_TRUE(base && codes);
  const int scale = base->pixels.width() / codes->pixels.width();
  width = std::min(width, base->pixels.width()) / scale * scale;
  height = std::min(height, base->pixels.height()) / scale * scale;
  const int x = (base->pixels.width() - width) / 2 / scale;
  const int y = (base->pixels.height() - height) / 2 / scale;
  test::WrittenPicture picture;
  picture.sdr = Cropped(base->pixels.view(), x * scale, y * scale, width, height);
  picture.map.codes = Cropped(codes->pixels.view(), x, y, width / scale, height / scale);
  picture.map.metadata = map.metadata;
  return picture;
}

struct ReadBack {
  Plane<std::uint8_t> base;
  EncodedGainMap map;
};

ReadBack ReadHeic(const Bytes& file) {
  const auto structure = ReadHeifStructure(file);
  EXPECT_TRUE(structure);
  const test::LibheifFile read(file);
  ReadBack back;
  back.base = read.Decode(read.Primary(), false);
  for (const HeifItem& item : structure->items) {
    if (item.type != "tmap") continue;
    back.map.codes = read.Decode(structure->Targets(item.id, "dimg").at(1), true);
  }
  return back;
}

ReadBack ReadAvif(const Bytes& file) {
  const std::unique_ptr<avifDecoder, decltype(&avifDecoderDestroy)> decoder(avifDecoderCreate(),
                                                                            &avifDecoderDestroy);
  decoder->imageContentToDecode = AVIF_IMAGE_CONTENT_ALL;
  EXPECT_EQ(avifDecoderSetIOMemory(decoder.get(), file.data(), file.size()), AVIF_RESULT_OK);
  EXPECT_EQ(avifDecoderParse(decoder.get()), AVIF_RESULT_OK);
  EXPECT_EQ(avifDecoderNextImage(decoder.get()), AVIF_RESULT_OK);
  const avifImage& image = *decoder->image;
  const avifImage& map = *image.gainMap->image;
  ReadBack back;
  back.base = Plane<std::uint8_t>(static_cast<int>(image.width), static_cast<int>(image.height), 3);
  avifRGBImage rgb;
  avifRGBImageSetDefaults(&rgb, &image);
  rgb.format = AVIF_RGB_FORMAT_RGB;
  rgb.depth = 8;
  rgb.pixels = back.base.Row(0);
  rgb.rowBytes = static_cast<std::uint32_t>(back.base.view().stride);
  EXPECT_EQ(avifImageYUVToRGB(&image, &rgb), AVIF_RESULT_OK);
  back.map.codes = Plane<std::uint8_t>(static_cast<int>(map.width), static_cast<int>(map.height));
  for (int y = 0; y < back.map.codes.height(); ++y) {
    std::copy_n(map.yuvPlanes[0] + static_cast<std::size_t>(y) * map.yuvRowBytes[0], map.width,
                back.map.codes.Row(y));
  }
  return back;
}

double Luminance(PlaneView<const std::uint8_t> rgb, int x, int y) {
  const auto linear = [](int code) {
    const double v = code / 255.0;
    return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(rgb.At(x, y, 0)) + 0.7152 * linear(rgb.At(x, y, 1)) +
         0.0722 * linear(rgb.At(x, y, 2));
}

/// The value below which this share lies.
double Quantile(std::vector<double>& values, double share) {
  const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::ranges::nth_element(values, values.begin() + at);
  return values[static_cast<std::size_t>(at)];
}

struct Loss {
  double gain_p99 = 0, base_p99 = 0, base_median = 0;  ///< stops
};

Loss LossOf(const test::WrittenPicture& written, ReadBack& back) {
  back.map.metadata = written.map.metadata;
  const Log2Gain before = DecodeGain(written.map);
  const Log2Gain after = DecodeGain(back.map);
  std::vector<double> gains, lights;
  for (int y = 0; y < before.stops.height(); ++y) {
    for (int x = 0; x < before.stops.width(); ++x) {
      gains.push_back(std::abs(before.stops.view().At(x, y) - after.stops.view().At(x, y)));
    }
  }
  for (int y = 0; y < written.sdr.height(); ++y) {
    for (int x = 0; x < written.sdr.width(); ++x) {
      const double light = Luminance(written.sdr.view(), x, y);
      if (light <= 0.02) continue;
      lights.push_back(
          std::abs(std::log2(std::max(Luminance(back.base.view(), x, y), 1e-4) / light)));
    }
  }
  return {Quantile(gains, 0.99), Quantile(lights, 0.99), Quantile(lights, 0.5)};
}

const std::vector<std::string> kPhotos = {"pixel_lamps.jpg", "pixel_desert_palms.jpg"};

/// The photo coded with these options keeps the bounds.
void ExpectBounds(const test::WrittenPicture& picture, FileFormat format,
                  const PictureFileOptions& options) {
  const bool is_heic = format == FileFormat::kHeif;
  SCOPED_TRACE(Formatted("{} at speed {}", is_heic ? "HEIC" : "AVIF", options.avif_speed));
  const auto file = WritePictureFile(format, picture.Base(), picture.Map(), options);
  ASSERT_TRUE(file) << file.error().message;
  ReadBack back = is_heic ? ReadHeic(*file) : ReadAvif(*file);
  ASSERT_EQ(back.base.width(), picture.sdr.width());
  ASSERT_EQ(back.map.codes.width(), picture.map.codes.width());
  const Loss loss = LossOf(picture, back);
  EXPECT_LE(loss.gain_p99, 0.03);
  EXPECT_LE(loss.base_p99, 0.10);
  EXPECT_LE(loss.base_median, 0.01);
}

TEST(DefaultQualities, KeepTheBounds) {
  HDRP_NEEDS_CORPUS();
  for (const std::string& photo : kPhotos) {
    SCOPED_TRACE(photo);
    const test::WrittenPicture picture = MiddleOf(photo, 1632, 1224);
    ExpectBounds(picture, FileFormat::kHeif, {});
    // Each that DefaultAvifSpeed chooses, which larger pictures would be coded at.
    for (const int speed : {6, 7, 9})
      ExpectBounds(picture, FileFormat::kAvif, {.avif_speed = speed});
  }
}

}  // namespace
}  // namespace hdrp
