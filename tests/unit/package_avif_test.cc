// AVIF files we write, read back with libavif.
#include <avif/avif.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/formatted.h"
#include "metadata/heif_structure.h"
#include "package/picture_file.h"
#include "support/corpus.h"
#include "support/make_jpeg.h"
#include "support/program.h"
#include "support/written_picture.h"

namespace hdrp {
namespace {

using test::LargestDifference;
using test::MakeWrittenPicture;
using test::WrittenPicture;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string kExif("MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0", 26);

Bytes Write(const PictureBase& base, const PictureGainMap& map,
            const PictureFileOptions& options = {}) {
  Expected<Bytes> written = WriteAvif(base, map, options);
  EXPECT_TRUE(written) << written.error().message;
  return written ? *std::move(written) : Bytes{};
}

struct Closer {
  void operator()(avifDecoder* decoder) const { avifDecoderDestroy(decoder); }
};

/// The file in libavif's words; `image` lives as long as the decoder.
struct Decoded {
  std::unique_ptr<avifDecoder, Closer> decoder;
  [[nodiscard]] const avifImage& image() const { return *decoder->image; }
};

Decoded Decode(const Bytes& file) {
  Decoded decoded{std::unique_ptr<avifDecoder, Closer>(avifDecoderCreate())};
  decoded.decoder->imageContentToDecode = AVIF_IMAGE_CONTENT_ALL;
  EXPECT_EQ(avifDecoderSetIOMemory(decoded.decoder.get(), file.data(), file.size()),
            AVIF_RESULT_OK);
  EXPECT_EQ(avifDecoderParse(decoded.decoder.get()), AVIF_RESULT_OK);
  EXPECT_EQ(avifDecoderNextImage(decoded.decoder.get()), AVIF_RESULT_OK);
  EXPECT_NE(decoded.image().gainMap, nullptr);
  return decoded;
}

Plane<std::uint8_t> RgbOf(const avifImage& image) {
  avifRGBImage rgb;
  avifRGBImageSetDefaults(&rgb, &image);
  Plane<std::uint8_t> pixels(static_cast<int>(image.width), static_cast<int>(image.height), 3);
  rgb.format = AVIF_RGB_FORMAT_RGB;
  rgb.depth = 8;
  rgb.pixels = pixels.Row(0);
  rgb.rowBytes = static_cast<std::uint32_t>(pixels.view().stride);
  EXPECT_EQ(avifImageYUVToRGB(&image, &rgb), AVIF_RESULT_OK);
  return pixels;
}

Plane<std::uint8_t> LumaOf(const avifImage& image) {
  Plane<std::uint8_t> luma(static_cast<int>(image.width), static_cast<int>(image.height));
  for (int y = 0; y < luma.height(); ++y) {
    std::copy_n(image.yuvPlanes[0] + static_cast<std::size_t>(y) * image.yuvRowBytes[0],
                luma.width(), luma.Row(y));
  }
  return luma;
}

Fraction Of(const avifSignedFraction& value) { return {value.n, value.d}; }
Fraction Of(const avifUnsignedFraction& value) { return {value.n, value.d}; }

void ExpectSameNumbers(const avifGainMap& map, const GainMapMetadata& numbers) {
  const GainMapFractions expected = FractionsOf(numbers);
  for (std::size_t c = 0; c < 3; ++c) {
    EXPECT_EQ(Of(map.gainMapMin[c]), expected.gain_map_min[c]);
    EXPECT_EQ(Of(map.gainMapMax[c]), expected.gain_map_max[c]);
    EXPECT_EQ(Of(map.gainMapGamma[c]), expected.gamma[c]);
    EXPECT_EQ(Of(map.baseOffset[c]), expected.base_offset[c]);
    EXPECT_EQ(Of(map.alternateOffset[c]), expected.alternate_offset[c]);
  }
  EXPECT_EQ(Of(map.baseHdrHeadroom), expected.base_hdr_headroom);
  EXPECT_EQ(Of(map.alternateHdrHeadroom), expected.alternate_hdr_headroom);
}

TEST(WriteAvif, WritesBaseAndMapWithTheirNumbers) {
  const WrittenPicture picture = MakeWrittenPicture(160, 120);
  PictureBase base = picture.Base();
  base.alternate_primaries = 12;
  const Bytes file = Write(base, picture.Map(), {.base_quality = 95, .map_quality = 95});
  const Decoded decoded = Decode(file);
  const avifImage& image = decoded.image();
  EXPECT_EQ(image.depth, 8U);
  EXPECT_EQ(image.yuvFormat, AVIF_PIXEL_FORMAT_YUV420);
  EXPECT_EQ(image.yuvRange, AVIF_RANGE_FULL);
  EXPECT_EQ(image.colorPrimaries, 1);
  EXPECT_EQ(image.transferCharacteristics, 13);
  EXPECT_EQ(image.matrixCoefficients, 6);
  EXPECT_EQ(image.transformFlags, 0U);
  EXPECT_LT(test::MeanDifference(RgbOf(image).view(), picture.sdr.view()), 3);

  const avifGainMap& map = *image.gainMap;
  EXPECT_EQ(map.image->yuvFormat, AVIF_PIXEL_FORMAT_YUV400);
  EXPECT_EQ(map.image->yuvRange, AVIF_RANGE_FULL);
  EXPECT_EQ(map.image->depth, 8U);
  EXPECT_LE(LargestDifference(LumaOf(*map.image).view(), picture.map.codes.view()), 12);
  ExpectSameNumbers(map, picture.map.metadata);
  EXPECT_TRUE(map.useBaseColorSpace);
  EXPECT_EQ(map.altColorPrimaries, 12);
  EXPECT_EQ(map.altTransferCharacteristics, 16);
  EXPECT_EQ(map.altMatrixCoefficients, 6);
  EXPECT_EQ(map.altYUVRange, AVIF_RANGE_FULL);
  EXPECT_EQ(map.altDepth, 10U);
  EXPECT_EQ(map.altPlaneCount, 3U);
}

TEST(WriteAvif, KeepsFractionsThatWereRead) {
  WrittenPicture picture = MakeWrittenPicture(64, 48);
  GainMapFractions odd = FractionsOf(picture.map.metadata);
  odd.gain_map_max = {Fraction{13, 7}, Fraction{13, 7}, Fraction{13, 7}};
  odd.alternate_hdr_headroom = {4'000'000'000, 2'000'000'000};
  picture.map.metadata = MetadataFrom(odd, false);
  const Bytes file = Write(picture.Base(), picture.Map());
  const Decoded decoded = Decode(file);
  ExpectSameNumbers(*decoded.image().gainMap, picture.map.metadata);
  EXPECT_FALSE(decoded.image().gainMap->useBaseColorSpace);
}

TEST(WriteAvif, CarriesProfileExifAndXmp) {
  const WrittenPicture picture = MakeWrittenPicture(64, 48);
  const std::string icc(200, 'i');
  const std::string xmp = "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"/>";
  PictureBase base = picture.Base();
  base.icc = AsBytes(icc);
  base.xmp = AsBytes(xmp);
  base.exif_tiff = AsBytes(kExif);
  const Bytes file = Write(base, picture.Map());
  const Decoded decoded = Decode(file);
  const avifImage& image = decoded.image();
  EXPECT_EQ(AsText({image.icc.data, image.icc.size}), icc);
  EXPECT_EQ(AsText({image.xmp.data, image.xmp.size}), xmp);
  EXPECT_EQ(image.matrixCoefficients, 6);
  std::string upright = kExif;
  upright[19] = 1;
  EXPECT_EQ(AsText({image.exif.data, image.exif.size}), upright);
  EXPECT_EQ(image.transformFlags, 0U) << "the EXIF's orientation must not turn the picture";
}

/// `pixels` as a reader shows them: quarter turns anticlockwise, then a mirror.
Plane<std::uint8_t> Shown(const avifImage& image, Plane<std::uint8_t> pixels) {
  const int quarters = (image.transformFlags & AVIF_TRANSFORM_IROT) != 0 ? image.irot.angle : 0;
  for (int i = 0; i < quarters; ++i) {
    Plane<std::uint8_t> turned(pixels.height(), pixels.width(), pixels.channels());
    for (int y = 0; y < pixels.height(); ++y) {
      for (int x = 0; x < pixels.width(); ++x) {
        for (int c = 0; c < pixels.channels(); ++c) {
          turned.view().At(y, pixels.width() - 1 - x, c) = pixels.view().At(x, y, c);
        }
      }
    }
    pixels = std::move(turned);
  }
  if ((image.transformFlags & AVIF_TRANSFORM_IMIR) == 0) return pixels;
  return Oriented(pixels.view(),
                  image.imir.axis == 0 ? Orientation::kBottomLeft : Orientation::kTopRight);
}

TEST(WriteAvif, TurnsThePictureAsTheOrientationSays) {
  const WrittenPicture picture = MakeWrittenPicture(48, 32);
  for (unsigned k = 1; k <= 8; ++k) {
    SCOPED_TRACE(k);
    PictureBase base = picture.Base();
    base.orientation = *OrientationFrom(k);
    const Bytes file = Write(base, picture.Map());
    const Decoded decoded = Decode(file);
    EXPECT_EQ(LargestDifference(Shown(decoded.image(), picture.sdr.Clone()).view(),
                                Oriented(picture.sdr.view(), base.orientation).view()),
              0);
    // libavif gives the map item the base's turn, so that both lie alike.
    const auto structure = ReadHeifStructure(file);
    ASSERT_TRUE(structure);
    for (const HeifItem& item : structure->items) {
      if (item.type != "av01") continue;
      EXPECT_EQ(PropertyOf(item, "irot") != nullptr,
                (decoded.image().transformFlags & AVIF_TRANSFORM_IROT) != 0);
    }
  }
}

TEST(WriteAvif, KeepsEveryCodeOfALosslessMap) {
  for (const int channels : {1, 3}) {
    SCOPED_TRACE(channels);
    const WrittenPicture picture = MakeWrittenPicture(130, 98, channels);
    const Bytes file = Write(picture.Base(), picture.Map(), {.lossless_map = true});
    const Decoded decoded = Decode(file);
    const avifImage& map = *decoded.image().gainMap->image;
    EXPECT_EQ(LargestDifference((channels == 1 ? LumaOf(map) : RgbOf(map)).view(),
                                picture.map.codes.view()),
              0);
    ExpectSameNumbers(*decoded.image().gainMap, picture.map.metadata);
  }
}

TEST(WriteAvif, CodesColourMapsInFull) {
  const WrittenPicture picture = MakeWrittenPicture(128, 96, 3);
  const Bytes file = Write(picture.Base(), picture.Map(), {.map_quality = 95});
  const Decoded decoded = Decode(file);
  const avifImage& map = *decoded.image().gainMap->image;
  EXPECT_EQ(map.yuvFormat, AVIF_PIXEL_FORMAT_YUV444);
  EXPECT_LE(test::MeanDifference(RgbOf(map).view(), picture.map.codes.view()), 2);
}

TEST(WriteAvif, TakesGreyOddAndFullChromaBases) {
  const WrittenPicture odd = MakeWrittenPicture(67, 45);
  const Bytes full = Write(odd.Base(), odd.Map(), {.base_quality = 95, .subsample_chroma = false});
  EXPECT_EQ(Decode(full).image().yuvFormat, AVIF_PIXEL_FORMAT_YUV444);
  const Bytes odd_file = Write(odd.Base(), odd.Map());
  EXPECT_EQ(Decode(odd_file).image().width, 67U);
  const Plane<std::uint8_t> grey = test::MakeRamps(64, 48, 1);
  const Bytes grey_file = Write({.codes = grey.view()}, odd.Map(), {.base_quality = 95});
  const Decoded decoded = Decode(grey_file);
  EXPECT_EQ(decoded.image().yuvFormat, AVIF_PIXEL_FORMAT_YUV400);
  EXPECT_LE(LargestDifference(LumaOf(decoded.image()).view(), grey.view()), 6);
}

TEST(WriteAvif, WritesTheSameBytesWithAnyNumberOfThreads) {
  const WrittenPicture picture = MakeWrittenPicture(640, 480);
  for (const int speed : {6, 7, 9}) {  // those that DefaultAvifSpeed chooses
    const Bytes one = Write(picture.Base(), picture.Map(), {.avif_speed = speed, .threads = 1});
    for (const int threads : {2, 4, 7}) {
      EXPECT_TRUE(Write(picture.Base(), picture.Map(), {.avif_speed = speed, .threads = threads}) ==
                  one)
          << threads << " threads at speed " << speed;
    }
  }
}

TEST(WriteAvif, RefusesWhatCannotBeWritten) {
  WrittenPicture picture = MakeWrittenPicture(64, 48);
  picture.map.metadata.base_offset[0] = -1;
  const auto broken = WriteAvif(picture.Base(), picture.Map(), {});
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(broken.error().message, HasSubstr("base_offset"));
  picture = MakeWrittenPicture(64, 48);
  const auto quality = WriteAvif(picture.Base(), picture.Map(), {.base_quality = 101});
  ASSERT_FALSE(quality);
  EXPECT_EQ(quality.error().code, ErrorCode::kBadArgument);
  std::stop_source source;
  source.request_stop();
  const auto stopped = WriteAvif(picture.Base(), picture.Map(),
                                 {.stop = {.token = source.get_token(), .deadline = std::nullopt}});
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::kInterrupted);
}

// Programs of libavif itself: the file is one, and the numbers are there exactly.
TEST(WriteAvif, SatisfiesLibavifsPrograms) {
  HDRP_NEEDS_PROGRAM("avifgainmaputil", "libavif");
  HDRP_NEEDS_PROGRAM("avifdec", "libavif");
  const WrittenPicture picture = MakeWrittenPicture(160, 120);
  PictureBase base = picture.Base();
  base.alternate_primaries = 12;
  const test::ScratchFolder folder;
  const auto path = folder / "written.avif";
  test::WriteWhole(path, Write(base, picture.Map()));
  const auto numbers = test::RunProgram({"avifgainmaputil", "printmetadata", path.string()});
  EXPECT_EQ(numbers.status, 0) << numbers.err;
  const GainMapFractions fractions = FractionsOf(picture.map.metadata);
  for (const Fraction& value :
       {fractions.gain_map_min[0], fractions.gain_map_max[0], fractions.gamma[0],
        fractions.base_offset[0], fractions.alternate_offset[0], fractions.base_hdr_headroom,
        fractions.alternate_hdr_headroom}) {
    EXPECT_THAT(numbers.out, HasSubstr(Formatted("{}/{}", value.numerator, value.denominator)));
  }
  const auto info = test::RunProgram({"avifdec", "--info", path.string()});
  EXPECT_EQ(info.status, 0) << info.err;
  EXPECT_THAT(info.out, HasSubstr("160x120"));
  EXPECT_THAT(info.out, HasSubstr("Gain map"));
}

}  // namespace
}  // namespace hdrp
