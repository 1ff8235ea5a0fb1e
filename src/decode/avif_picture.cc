// AVIF pictures through libavif: a still, its primary image (gain maps are left alone). libavif
// decodes the whole picture at the first read; planes and the RGB made of them are held.
#include <avif/avif.h>

#include <algorithm>
#include <memory>

#include "decode/coded_rows.h"
#include "decode/embedded_metadata.h"
#include "decode/h273.h"
#include "decode/picture.h"

namespace hdrp {
namespace {

constexpr std::string_view kWhere = "AVIF decoder";

struct DecoderDeleter {
  void operator()(avifDecoder* decoder) const { avifDecoderDestroy(decoder); }
};
using Decoder = std::unique_ptr<avifDecoder, DecoderDeleter>;

Expected<void> Check(avifResult result, const avifDecoder& decoder) {
  if (result == AVIF_RESULT_OK) return {};
  ErrorCode code = ErrorCode::kBadInput;
  if (result == AVIF_RESULT_NOT_IMPLEMENTED || result == AVIF_RESULT_NO_CODEC_AVAILABLE ||
      result == AVIF_RESULT_UNSUPPORTED_DEPTH || result == AVIF_RESULT_NO_CONTENT ||
      result == AVIF_RESULT_REFORMAT_FAILED) {
    code = ErrorCode::kUnsupported;
  } else if (result == AVIF_RESULT_OUT_OF_MEMORY) {
    code = ErrorCode::kTooLarge;
  }
  const std::string_view more = decoder.diag.error;
  return Fail(code, kWhere, "{}{}{}", avifResultToString(result), more.empty() ? "" : ": ", more);
}

/// irot turns anti-clockwise, imir then mirrors: axis 0 top and bottom, 1 left and right
/// (ISO/IEC 23008-12:2022, 6.5.10 and 6.5.12; MIAF fixes their order).
Orientation OrientationOf(const avifImage& image) {
  constexpr std::array<Orientation, 4> kTurns = {Orientation::kTopLeft, Orientation::kLeftBottom,
                                                 Orientation::kBottomRight, Orientation::kRightTop};
  Orientation orientation = Orientation::kTopLeft;
  if ((image.transformFlags & AVIF_TRANSFORM_IROT) != 0) {
    orientation = kTurns[image.irot.angle & 3U];
  }
  if ((image.transformFlags & AVIF_TRANSFORM_IMIR) != 0) {
    orientation = Compose(orientation,
                          image.imir.axis == 0 ? Orientation::kBottomLeft : Orientation::kTopRight);
  }
  return orientation;
}

Expected<void> CheckNotCropped(const avifImage& image) {
  if ((image.transformFlags & AVIF_TRANSFORM_CLAP) == 0) return {};
  avifCropRect rect{};
  avifDiagnostics diagnostics{};
  const bool is_valid = avifCropRectFromCleanApertureBox(&rect, &image.clap, image.width,
                                                         image.height, &diagnostics) != 0;
  if (is_valid && rect.width == image.width && rect.height == image.height) return {};
  return Fail(ErrorCode::kUnsupported, kWhere,
              "expected no clean aperture (clap) or one of the whole picture, found {} x {} of "
              "{} x {}",
              rect.width, rect.height, image.width, image.height);
}

Expected<void> ReadMetadata(const avifImage& image, const Limits& limits, PictureInfo& info) {
  for (const avifRWData& data : {image.icc, image.exif, image.xmp}) {
    if (auto fits = CheckMetadataSize(data.size, limits, kWhere); !fits) return fits;
  }
  std::size_t offset = 0;
  if (image.exif.size > 0 &&
      avifGetExifTiffHeaderOffset(image.exif.data, image.exif.size, &offset) == AVIF_RESULT_OK) {
    TakeExif(ByteView(image.exif.data, image.exif.size).subspan(offset), info);
  }
  info.xmp = AsText({image.xmp.data, image.xmp.size});
  return {};
}

struct AvifPicture {
  Decoder decoder;
  PictureInfo info;
  SampleLayout layout;
  Plane<std::uint16_t> wide;   ///< after the first read: more than 8 bits, in their own depth
  Plane<std::uint8_t> narrow;  ///< or 8

  Expected<void> Decode();
  [[nodiscard]] bool decoded() const { return !wide.empty() || !narrow.empty(); }
  [[nodiscard]] CodedRows Codes() const;
};

Expected<void> AvifPicture::Decode() {
  if (auto done = Check(avifDecoderNextImage(decoder.get()), *decoder); !done) return done;
  const avifImage& image = *decoder->image;
  if (image.width != static_cast<std::uint32_t>(info.width) ||
      image.height != static_cast<std::uint32_t>(info.height) ||
      image.depth != static_cast<std::uint32_t>(info.bits)) {
    return Fail(ErrorCode::kBadInput, kWhere,
                "expected {} x {} pixels of {} bits as the headers say, decoded {} x {} of {}",
                info.width, info.height, info.bits, image.width, image.height, image.depth);
  }
  layout.premultiplied = image.alphaPremultiplied != AVIF_FALSE;
  avifRGBImage rgb{};
  avifRGBImageSetDefaults(&rgb, &image);
  rgb.format = layout.has_alpha ? AVIF_RGB_FORMAT_RGBA : AVIF_RGB_FORMAT_RGB;
  rgb.chromaUpsampling = AVIF_CHROMA_UPSAMPLING_BEST_QUALITY;
  // libyuv converts in 8 bits or with coarse factors, differently on each processor.
  rgb.avoidLibYUV = AVIF_TRUE;
  rgb.alphaPremultiplied = image.alphaPremultiplied;
  std::size_t row_bytes = 0;
  if (info.bits > 8) {
    wide = Plane<std::uint16_t>(info.width, info.height, layout.samples());
    rgb.pixels = reinterpret_cast<std::uint8_t*>(wide.view().data);
    row_bytes = wide.view().stride * sizeof(std::uint16_t);
  } else {
    narrow = Plane<std::uint8_t>(info.width, info.height, layout.samples());
    rgb.pixels = narrow.view().data;
    row_bytes = narrow.view().stride;
  }
  rgb.rowBytes = static_cast<std::uint32_t>(row_bytes);
  return Check(avifImageYUVToRGB(&image, &rgb), *decoder);
}

CodedRows AvifPicture::Codes() const {
  if (!narrow.empty()) {
    return {.data = narrow.view().data, .stride_bytes = narrow.view().stride, .layout = layout};
  }
  return {.data = reinterpret_cast<const std::uint8_t*>(wide.view().data),
          .stride_bytes = wide.view().stride * sizeof(std::uint16_t),
          .sample_bytes = 2,
          .layout = layout};
}

Expected<void> ReadHeaders(const Limits& limits, AvifPicture& picture) {
  const avifDecoder& decoder = *picture.decoder;
  const avifImage& image = *decoder.image;
  if (decoder.imageCount != 1) {
    return Fail(ErrorCode::kUnsupported, kWhere,
                "expected a still picture, found an animation of {} frames", decoder.imageCount);
  }
  if (auto fits = CheckSize(image.width, image.height, limits, kWhere); !fits) return fits;
  if (auto whole = CheckNotCropped(image); !whole) return whole;
  PictureInfo& info = picture.info;
  info.format = FileFormat::kAvif;
  info.width = static_cast<int>(image.width);
  info.height = static_cast<int>(image.height);
  info.bits = static_cast<int>(image.depth);
  info.orientation = OrientationOf(image);  // and not the EXIF's, which may repeat it
  auto color = ColorFrom({image.colorPrimaries, image.transferCharacteristics},
                         {image.icc.data, image.icc.size}, kWhere);
  if (!color) return std::unexpected(std::move(color.error()));
  info.color = std::move(*color);
  picture.layout = {.has_alpha = decoder.alphaPresent != AVIF_FALSE,
                    .largest = static_cast<double>((1U << image.depth) - 1)};
  return ReadMetadata(image, limits, info);
}

}  // namespace

Expected<PictureRows> OpenAvif(ByteView file, const PictureOptions& options) {
  auto picture = std::make_unique<AvifPicture>();
  picture->decoder.reset(avifDecoderCreate());
  avifDecoder* decoder = picture->decoder.get();
  if (decoder == nullptr) return Fail(ErrorCode::kInternal, kWhere, "libavif could not be set up");
  decoder->maxThreads = 1;
  decoder->imageDimensionLimit = 0;  // ours are checked once the size is known; 0 allocates nothing
  auto opened = Check(avifDecoderSetIOMemory(decoder, file.data(), file.size()), *decoder);
  if (opened) opened = Check(avifDecoderParse(decoder), *decoder);
  if (!opened) return std::unexpected(std::move(opened.error()));
  if (auto read = ReadHeaders(options.limits, *picture); !read) {
    return std::unexpected(std::move(read.error()));
  }
  // What the bitstream says may differ: these stop the codec.
  decoder->imageSizeLimit = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(options.limits.max_pixels, AVIF_DEFAULT_IMAGE_SIZE_LIMIT));
  decoder->imageDimensionLimit = options.limits.max_side;

  PictureInfo info = picture->info;
  auto read = [picture = std::move(picture), rule = AlphaRule{options.flatten, kWhere}](
                  int first_row, PlaneView<float> band) mutable -> Expected<void> {
    if (!picture->decoded()) {
      if (auto decoded = picture->Decode(); !decoded) return decoded;
    }
    return FloatsFromCodes(picture->Codes(), first_row, rule, band);
  };
  return RowsFrom(std::move(info), options.stop, std::move(read));
}

}  // namespace hdrp
