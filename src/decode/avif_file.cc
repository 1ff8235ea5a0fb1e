#include "decode/avif_file.h"

#include <algorithm>

#include "base/silenced_stderr.h"
#include "color/h273.h"
#include "decode/embedded_metadata.h"
#include "decode/heif/transform.h"

namespace hdrp {
namespace {

/// MIAF fixes the order: irot, then imir.
Orientation OrientationOf(const avifImage& image) {
  Orientation orientation = Orientation::kTopLeft;
  if ((image.transformFlags & AVIF_TRANSFORM_IROT) != 0) orientation = TurnOf(image.irot.angle);
  if ((image.transformFlags & AVIF_TRANSFORM_IMIR) != 0) {
    orientation = Compose(orientation, MirrorOf(image.imir.axis));
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
  return Fail(ErrorCode::kUnsupported, kAvifWhere,
              "expected no clean aperture (clap) or one of the whole picture, found {} x {} of "
              "{} x {}",
              rect.width, rect.height, image.width, image.height);
}

Expected<void> ReadMetadata(const avifImage& image, const Limits& limits, PictureInfo& info) {
  for (const avifRWData& data : {image.icc, image.exif, image.xmp}) {
    HDRP_RETURN_IF_ERROR(CheckMetadataSize(data.size, limits, kAvifWhere));
  }
  std::size_t offset = 0;
  if (image.exif.size > 0 &&
      avifGetExifTiffHeaderOffset(image.exif.data, image.exif.size, &offset) == AVIF_RESULT_OK) {
    TakeExif(ByteView(image.exif.data, image.exif.size).subspan(offset), info);
  }
  info.xmp = AsText({image.xmp.data, image.xmp.size});
  return {};
}

/// Planes as they are coded, and the samples made of them.
std::uint64_t HeldBytes(const avifDecoder& decoder) {
  const avifImage& image = *decoder.image;
  const std::uint64_t sample = image.depth > 8 ? 2 : 1;
  std::uint64_t halves = 2;  // of a sample a pixel
  if (image.yuvFormat == AVIF_PIXEL_FORMAT_YUV444) halves = 6;
  if (image.yuvFormat == AVIF_PIXEL_FORMAT_YUV422) halves = 4;
  if (image.yuvFormat == AVIF_PIXEL_FORMAT_YUV420) halves = 3;
  halves += decoder.alphaPresent != AVIF_FALSE ? 2 + 8 : 6;
  return sample * halves * image.width * image.height / 2;
}

}  // namespace

Expected<void> CheckAvif(avifResult result, const avifDecoder& decoder) {
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
  return Fail(code, kAvifWhere, "{}{}{}", avifResultToString(result), more.empty() ? "" : ": ",
              more);
}

Expected<void> DecodeAvif(avifDecoder& decoder) {
  const SilencedStderr silenced;
  return CheckAvif(avifDecoderNextImage(&decoder), decoder);
}

namespace {

Expected<AvifDecoder> OpenWith(avifStrictFlags strictness, ByteView file,
                               avifImageContentTypeFlags content) {
  AvifDecoder decoder(avifDecoderCreate());
  if (decoder == nullptr) {
    return Fail(ErrorCode::kInternal, kAvifWhere, "libavif could not be set up");
  }
  decoder->maxThreads = 1;
  decoder->imageDimensionLimit = 0;  // ours are checked once the size is known; 0 allocates nothing
  decoder->imageContentToDecode = content;
  decoder->strictFlags = strictness;
  HDRP_RETURN_IF_ERROR(
      CheckAvif(avifDecoderSetIOMemory(decoder.get(), file.data(), file.size()), *decoder));
  HDRP_RETURN_IF_ERROR(CheckAvif(avifDecoderParse(decoder.get()), *decoder));
  return decoder;
}

}  // namespace

Expected<AvifDecoder> OpenAvifDecoder(ByteView file, avifImageContentTypeFlags content) {
  Expected<AvifDecoder> strict = OpenWith(AVIF_STRICT_ENABLED, file, content);
  if (strict || strict.error().code != ErrorCode::kBadInput) return strict;
  // Older libheif and avif-serialize leave these boxes out, and every viewer shows their files.
  Expected<AvifDecoder> lenient = OpenWith(AVIF_STRICT_CLAP_VALID, file, content);
  return lenient ? std::move(lenient) : std::move(strict);
}

Expected<PictureInfo> ReadAvifInfo(avifDecoder& decoder, const Limits& limits) {
  const avifImage& image = *decoder.image;
  if (decoder.imageCount != 1) {
    return Fail(ErrorCode::kUnsupported, kAvifWhere,
                "expected a still picture, found an animation of {} frames", decoder.imageCount);
  }
  HDRP_RETURN_IF_ERROR(CheckSize(image.width, image.height, limits, kAvifWhere));
  HDRP_RETURN_IF_ERROR(CheckNotCropped(image));
  PictureInfo info;
  info.format = FileFormat::kAvif;
  info.width = static_cast<int>(image.width);
  info.height = static_cast<int>(image.height);
  info.bits = static_cast<int>(image.depth);
  info.orientation = OrientationOf(image);  // and not the EXIF's, which may repeat it
  HDRP_ASSIGN_OR_RETURN(info.color, ColorFrom({image.colorPrimaries, image.transferCharacteristics},
                                              {image.icc.data, image.icc.size}, kAvifWhere));
  HDRP_RETURN_IF_ERROR(ReadMetadata(image, limits, info));
  if (decoder.strictFlags != AVIF_STRICT_ENABLED) {
    info.warnings.emplace_back(
        "a box that AVIF requires is missing (pixi, or ispe of the alpha); it was read without");
  }
  HDRP_RETURN_IF_ERROR(CheckHeld(HeldBytes(decoder), limits, kAvifWhere));
  // What the bitstream says may differ: these stop the codec.
  decoder.imageSizeLimit = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(limits.max_pixels, AVIF_DEFAULT_IMAGE_SIZE_LIMIT));
  decoder.imageDimensionLimit = limits.max_side;
  return info;
}

}  // namespace hdrp
