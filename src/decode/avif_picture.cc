// AVIF pictures through libavif: a still, its primary image (gain maps are left alone). libavif
// decodes the whole picture at the first read; planes and the RGB made of them are held.
#include <memory>

#include "decode/avif_file.h"
#include "decode/coded_rows.h"
#include "decode/picture.h"

namespace hdrp {
namespace {

struct AvifPicture {
  AvifDecoder decoder;
  PictureInfo info;
  SampleLayout layout;
  Plane<std::uint16_t> wide;   ///< after the first read: more than 8 bits, in their own depth
  Plane<std::uint8_t> narrow;  ///< or 8

  Expected<void> Decode();
  [[nodiscard]] bool decoded() const { return !wide.empty() || !narrow.empty(); }
  [[nodiscard]] CodedRows Codes() const;
};

Expected<void> AvifPicture::Decode() {
  HDRP_RETURN_IF_ERROR(DecodeAvif(*decoder));
  const avifImage& image = *decoder->image;
  if (image.width != static_cast<std::uint32_t>(info.width) ||
      image.height != static_cast<std::uint32_t>(info.height) ||
      image.depth != static_cast<std::uint32_t>(info.bits)) {
    return Fail(ErrorCode::kBadInput, kAvifWhere,
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
  return CheckAvif(avifImageYUVToRGB(&image, &rgb), *decoder);
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

}  // namespace

Expected<PictureRows> OpenAvif(ByteView file, const PictureOptions& options) {
  auto picture = std::make_unique<AvifPicture>();
  HDRP_ASSIGN_OR_RETURN(picture->decoder, OpenAvifDecoder(file, AVIF_IMAGE_CONTENT_DECODE_DEFAULT));
  HDRP_ASSIGN_OR_RETURN(picture->info, ReadAvifInfo(*picture->decoder, options.limits));
  picture->layout = {
      .has_alpha = picture->decoder->alphaPresent != AVIF_FALSE,
      .largest = static_cast<double>((1U << static_cast<unsigned>(picture->info.bits)) - 1)};

  PictureInfo info = picture->info;
  auto read = [picture = std::move(picture), rule = AlphaRule{options.flatten, kAvifWhere}](
                  int first_row, PlaneView<float> band) mutable -> Expected<void> {
    if (!picture->decoded()) {
      HDRP_RETURN_IF_ERROR(picture->Decode());
    }
    return FloatsFromCodes(picture->Codes(), first_row, rule, band);
  };
  return RowsFrom(std::move(info), options.stop, std::move(read));
}

}  // namespace hdrp
