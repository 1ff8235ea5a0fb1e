#include "picture_files.h"

#include <avif/avif.h>
#include <gtest/gtest.h>
#include <jxl/encode.h>
#include <libheif/heif.h>
#include <png.h>
#include <tiffio.h>
#include <webp/encode.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string_view>
#include <vector>

#include "decode/picture.h"
#include "support/corpus.h"
#include "support/program.h"
#include "support/tiff_maker.h"

namespace hdrp::test {
namespace {

int LargestCode(int bits) { return (1 << bits) - 1; }

/// A row as bytes: one for each sample of up to 8 bits, else two of this machine's order.
Bytes RowBytes(const PictureFile& picture, int y) {
  Bytes row;
  for (const std::uint16_t code : picture.codes.RowSpan(y)) {
    row.push_back(static_cast<std::uint8_t>(code & 0xFF));
    if (picture.bits > 8) row.push_back(static_cast<std::uint8_t>(code >> 8));
  }
  return row;
}

void AppendChunk(Bytes& file, std::string_view name, ByteView payload) {
  file.insert(file.end(), name.begin(), name.end());
  for (unsigned i = 0; i < 4; ++i) {
    file.push_back(static_cast<std::uint8_t>(payload.size() >> (8 * i)));
  }
  file.insert(file.end(), payload.begin(), payload.end());
  if (payload.size() % 2 != 0) file.push_back(0);
}

void Require(const heif_error& error) { EXPECT_EQ(error.code, heif_error_Ok) << error.message; }

heif_error Append(heif_context*, const void* data, std::size_t size, void* target) {
  const auto* bytes = static_cast<const std::uint8_t*>(data);
  static_cast<Bytes*>(target)->insert(static_cast<Bytes*>(target)->end(), bytes, bytes + size);
  return {heif_error_Ok, heif_suberror_Unspecified, ""};
}

void PutTiles(TIFF* tiff, const PictureFile& picture) {
  constexpr int kSide = 64;
  TIFFSetField(tiff, TIFFTAG_TILEWIDTH, kSide);
  TIFFSetField(tiff, TIFFTAG_TILELENGTH, kSide);
  const auto pixel = static_cast<std::size_t>(3 * picture.bits / 8);
  for (int top = 0; top < picture.codes.height; top += kSide) {
    for (int left = 0; left < picture.codes.width; left += kSide) {
      Bytes tile(kSide * kSide * pixel);
      const auto columns = static_cast<std::size_t>(std::min(kSide, picture.codes.width - left));
      for (int y = top; y < std::min(top + kSide, picture.codes.height); ++y) {
        const Bytes row = RowBytes(picture, y);
        std::memcpy(tile.data() + static_cast<std::size_t>(y - top) * kSide * pixel,
                    row.data() + static_cast<std::size_t>(left) * pixel, columns * pixel);
      }
      EXPECT_GT(TIFFWriteTile(tiff, tile.data(), static_cast<std::uint32_t>(left),
                              static_cast<std::uint32_t>(top), 0, 0),
                0);
    }
  }
}

}  // namespace

Plane<std::uint16_t> CodesOf(PlaneView<const float> unit, int bits) {
  Plane<std::uint16_t> result(unit.width, unit.height, unit.channels);
  const auto largest = static_cast<float>(LargestCode(bits));
  for (int y = 0; y < unit.height; ++y) {
    std::ranges::transform(unit.RowSpan(y), result.Row(y), [largest](float v) {
      return static_cast<std::uint16_t>(std::lround(std::clamp(v, 0.0F, 1.0F) * largest));
    });
  }
  return result;
}

Plane<std::uint16_t> CodesOf(PlaneView<const std::uint8_t> codes, int bits) {
  Plane<std::uint16_t> result(codes.width, codes.height, codes.channels);
  for (int y = 0; y < codes.height; ++y) {
    std::ranges::transform(codes.RowSpan(y), result.Row(y), [bits](int code) {
      return static_cast<std::uint16_t>((code * LargestCode(bits) + 127) / 255);
    });
  }
  return result;
}

Bytes ExifOf(Orientation orientation) {
  TiffMaker maker(ByteOrder::kLittleEndian);
  return maker.Finish(maker.AddIfd({maker.Short(0x0112, static_cast<unsigned>(orientation))}));
}

Bytes MakePng(const PictureFile& picture) {
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
  png_set_compression_level(png, 1);
  png_set_IHDR(png, info, static_cast<png_uint_32>(picture.codes.width),
               static_cast<png_uint_32>(picture.codes.height), picture.bits,
               picture.codes.channels == 4 ? PNG_COLOR_TYPE_RGB_ALPHA : PNG_COLOR_TYPE_RGB,
               PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (picture.transfer != 0) {
    png_set_cICP(png, info, picture.primaries, picture.transfer, 0, 1);
  }
  if (!picture.icc.empty()) {
    png_set_iCCP(png, info, "profile", PNG_COMPRESSION_TYPE_BASE, picture.icc.data(),
                 static_cast<png_uint_32>(picture.icc.size()));
  }
  Bytes exif = picture.exif;
  if (!exif.empty()) {
    png_set_eXIf_1(png, info, static_cast<png_uint_32>(exif.size()), exif.data());
  }
  png_write_info(png, info);
  if (picture.bits == 16) png_set_swap(png);
  for (int y = 0; y < picture.codes.height; ++y) {
    const Bytes row = RowBytes(picture, y);
    png_write_row(png, row.data());
  }
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return bytes;
}

Bytes MakeTiff(const PictureFile& picture) {
  const ScratchFolder scratch;
  const auto path = scratch / "picture.tif";
  TIFF* tiff = TIFFOpen(path.c_str(), "w");
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, picture.codes.width);
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, picture.codes.height);
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, picture.bits);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 3);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_RGB);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_ADOBE_DEFLATE);
  TIFFSetField(tiff, TIFFTAG_PREDICTOR, PREDICTOR_HORIZONTAL);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFSetField(tiff, TIFFTAG_ORIENTATION, static_cast<int>(picture.orientation));
  if (!picture.icc.empty()) {
    TIFFSetField(tiff, TIFFTAG_ICCPROFILE, static_cast<std::uint32_t>(picture.icc.size()),
                 picture.icc.data());
  }
  if (picture.tiles) {
    PutTiles(tiff, picture);
  } else {
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 20);
    for (int y = 0; y < picture.codes.height; ++y) {
      Bytes row = RowBytes(picture, y);
      EXPECT_GT(TIFFWriteScanline(tiff, row.data(), static_cast<std::uint32_t>(y)), 0);
    }
  }
  TIFFClose(tiff);
  return ReadWhole(path);
}

Bytes MakeWebp(const PictureFile& picture) {
  const auto width = static_cast<unsigned>(picture.codes.width);
  const auto height = static_cast<unsigned>(picture.codes.height);
  Bytes codes;
  for (int y = 0; y < picture.codes.height; ++y)
    std::ranges::copy(RowBytes(picture, y), std::back_inserter(codes));
  std::uint8_t* out = nullptr;
  const std::size_t size = WebPEncodeLosslessRGB(
      codes.data(), picture.codes.width, picture.codes.height, picture.codes.width * 3, &out);
  const Bytes simple(out, out + size);
  WebPFree(out);
  if (picture.exif.empty() && picture.icc.empty()) return simple;
  Bytes file(simple.begin(), simple.begin() + 12);
  Bytes header = {static_cast<std::uint8_t>((picture.icc.empty() ? 0 : 0x20) |
                                            (picture.exif.empty() ? 0 : 0x08)),
                  0, 0, 0};
  for (const unsigned side : {width - 1, height - 1}) {
    for (unsigned i = 0; i < 3; ++i) header.push_back(static_cast<std::uint8_t>(side >> (8 * i)));
  }
  AppendChunk(file, "VP8X", header);
  if (!picture.icc.empty()) AppendChunk(file, "ICCP", picture.icc);
  file.insert(file.end(), simple.begin() + 12, simple.end());
  if (!picture.exif.empty()) AppendChunk(file, "EXIF", picture.exif);
  const std::size_t riff = file.size() - 8;
  for (std::size_t i = 0; i < 4; ++i) file[4 + i] = static_cast<std::uint8_t>(riff >> (8 * i));
  return file;
}

Bytes MakeHeif(const PictureFile& picture) {
  (void)OpenHeif({}, {});  // loads the codecs
  heif_image* image = nullptr;
  Require(heif_image_create(
      picture.codes.width, picture.codes.height, heif_colorspace_RGB,
      picture.bits > 8 ? heif_chroma_interleaved_RRGGBB_LE : heif_chroma_interleaved_RGB, &image));
  Require(heif_image_add_plane(image, heif_channel_interleaved, picture.codes.width,
                               picture.codes.height, picture.bits));
  std::size_t stride = 0;
  std::uint8_t* data = heif_image_get_plane2(image, heif_channel_interleaved, &stride);
  for (int y = 0; y < picture.codes.height; ++y) {
    std::ranges::copy(RowBytes(picture, y), data + static_cast<std::size_t>(y) * stride);
  }
  heif_color_profile_nclx* nclx = heif_nclx_color_profile_alloc();
  const bool wide = picture.primaries == 9;
  nclx->color_primaries = static_cast<heif_color_primaries>(std::max<int>(picture.primaries, 1));
  nclx->transfer_characteristics =
      static_cast<heif_transfer_characteristics>(picture.transfer == 0 ? 13 : picture.transfer);
  nclx->matrix_coefficients = static_cast<heif_matrix_coefficients>(wide ? 9 : 6);
  nclx->full_range_flag = 1;
  Require(heif_image_set_nclx_color_profile(image, nclx));
  if (!picture.icc.empty()) {
    Require(
        heif_image_set_raw_color_profile(image, "prof", picture.icc.data(), picture.icc.size()));
  }
  heif_context* context = heif_context_alloc();
  heif_encoder* encoder = nullptr;
  Require(heif_context_get_encoder_for_format(context, heif_compression_HEVC, &encoder));
  Require(heif_encoder_set_lossy_quality(encoder, 100));
  Require(heif_encoder_set_parameter_string(encoder, "chroma", "444"));
  Require(heif_encoder_set_parameter_string(encoder, "preset", "ultrafast"));
  heif_encoding_options* options = heif_encoding_options_alloc();
  options->output_nclx_profile = nclx;
  options->macOS_compatibility_workaround_no_nclx_profile = 0;
  options->image_orientation = static_cast<heif_orientation>(picture.orientation);
  heif_image_handle* handle = nullptr;
  Require(heif_context_encode_image(context, image, encoder, options, &handle));
  Bytes file;
  heif_writer writer{.writer_api_version = 1, .write = Append};
  Require(heif_context_write(context, &writer, &file));
  heif_image_handle_release(handle);
  heif_encoding_options_free(options);
  heif_encoder_release(encoder);
  heif_context_free(context);
  heif_nclx_color_profile_free(nclx);
  heif_image_release(image);
  return file;
}

Bytes MakeAvif(const PictureFile& picture) {
  avifImage* image =
      avifImageCreate(static_cast<std::uint32_t>(picture.codes.width),
                      static_cast<std::uint32_t>(picture.codes.height),
                      static_cast<std::uint32_t>(picture.bits), AVIF_PIXEL_FORMAT_YUV444);
  image->yuvRange = AVIF_RANGE_FULL;
  image->colorPrimaries = std::max<std::uint8_t>(picture.primaries, 1);
  image->transferCharacteristics = picture.transfer == 0 ? 13 : picture.transfer;
  image->matrixCoefficients = picture.primaries == 9 ? 9 : 6;
  Bytes codes;
  for (int y = 0; y < picture.codes.height; ++y)
    std::ranges::copy(RowBytes(picture, y), std::back_inserter(codes));
  avifRGBImage rgb{};
  avifRGBImageSetDefaults(&rgb, image);
  rgb.format = AVIF_RGB_FORMAT_RGB;
  rgb.pixels = codes.data();
  rgb.rowBytes = static_cast<std::uint32_t>(picture.codes.width * 3 * (picture.bits > 8 ? 2 : 1));
  EXPECT_EQ(avifImageRGBToYUV(image, &rgb), AVIF_RESULT_OK);
  if (!picture.icc.empty()) {
    EXPECT_EQ(avifImageSetProfileICC(image, picture.icc.data(), picture.icc.size()),
              AVIF_RESULT_OK);
  }
  // libavif makes irot and imir of an EXIF orientation; the EXIF itself is kept as well.
  const Bytes exif = picture.exif.empty() ? ExifOf(picture.orientation) : picture.exif;
  if (picture.orientation != Orientation::kTopLeft || !picture.exif.empty()) {
    EXPECT_EQ(avifImageSetMetadataExif(image, exif.data(), exif.size()), AVIF_RESULT_OK);
  }
  avifEncoder* encoder = avifEncoderCreate();
  encoder->speed = 10;
  encoder->quality = AVIF_QUALITY_LOSSLESS;
  EXPECT_EQ(avifEncoderAddImage(encoder, image, 1, AVIF_ADD_IMAGE_FLAG_SINGLE), AVIF_RESULT_OK)
      << encoder->diag.error;
  avifRWData out = AVIF_DATA_EMPTY;
  EXPECT_EQ(avifEncoderFinish(encoder, &out), AVIF_RESULT_OK) << encoder->diag.error;
  Bytes file(out.data, out.data + out.size);
  avifRWDataFree(&out);
  avifEncoderDestroy(encoder);
  avifImageDestroy(image);
  return file;
}

Bytes MakeJxl(const PictureFile& picture) {
  std::vector<float> samples;
  for (int y = 0; y < picture.codes.height; ++y) {
    for (const std::uint16_t code : picture.codes.RowSpan(y)) {
      samples.push_back(static_cast<float>(code) / static_cast<float>(LargestCode(picture.bits)));
    }
  }
  JxlEncoder* encoder = JxlEncoderCreate(nullptr);
  JxlBasicInfo info{};
  JxlEncoderInitBasicInfo(&info);
  // libjxl wants the sides as they are stored.
  info.xsize = static_cast<std::uint32_t>(picture.codes.width);
  info.ysize = static_cast<std::uint32_t>(picture.codes.height);
  info.bits_per_sample = static_cast<std::uint32_t>(picture.bits);
  info.uses_original_profile = JXL_TRUE;
  info.orientation = static_cast<JxlOrientation>(picture.orientation);
  EXPECT_EQ(JxlEncoderSetBasicInfo(encoder, &info), JXL_ENC_SUCCESS);
  JxlColorEncoding color{};
  JxlColorEncodingSetToSRGB(&color, JXL_FALSE);
  EXPECT_EQ(JxlEncoderSetColorEncoding(encoder, &color), JXL_ENC_SUCCESS);
  JxlEncoderFrameSettings* settings = JxlEncoderFrameSettingsCreate(encoder, nullptr);
  JxlEncoderSetFrameLossless(settings, JXL_TRUE);
  JxlEncoderFrameSettingsSetOption(settings, JXL_ENC_FRAME_SETTING_EFFORT, 1);
  const JxlPixelFormat format{3, JXL_TYPE_FLOAT, JXL_NATIVE_ENDIAN, 0};
  EXPECT_EQ(
      JxlEncoderAddImageFrame(settings, &format, samples.data(), samples.size() * sizeof(float)),
      JXL_ENC_SUCCESS);
  JxlEncoderCloseInput(encoder);
  Bytes file(8U << 20);
  std::uint8_t* next = file.data();
  std::size_t left = file.size();
  EXPECT_EQ(JxlEncoderProcessOutput(encoder, &next, &left), JXL_ENC_SUCCESS);
  file.resize(file.size() - left);
  JxlEncoderDestroy(encoder);
  return file;
}

}  // namespace hdrp::test
