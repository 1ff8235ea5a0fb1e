// HEIF pictures (HEIC and what else libheif's codecs read): the primary image. libheif decodes the
// whole picture at the first read and converts matrix and range to full-range RGB; transfer and
// primaries are left as they are.
#include "decode/picture.h"

#include <bit>
#include <memory>

#include "color/h273.h"
#include "decode/coded_rows.h"
#include "decode/heif/file.h"

namespace hdrp {
namespace {

struct HeifPicture {
  HeifContext context;
  HeifHandle handle;
  PictureInfo info;
  SampleLayout layout;
  HeifJob job;      ///< of `handle`
  HeifImage image;  ///< after the first read

  [[nodiscard]] int sample_bytes() const { return info.bits > 8 ? 2 : 1; }
  Expected<void> Decode();
  [[nodiscard]] Expected<CodedRows> Codes() const;
};

heif_chroma ChromaOf(bool wide, bool has_alpha) {
  if (!wide) return has_alpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB;
  if constexpr (std::endian::native == std::endian::little) {
    return has_alpha ? heif_chroma_interleaved_RRGGBBAA_LE : heif_chroma_interleaved_RRGGBB_LE;
  }
  return has_alpha ? heif_chroma_interleaved_RRGGBBAA_BE : heif_chroma_interleaved_RRGGBB_BE;
}

Expected<void> HeifPicture::Decode() {
  const HeifTarget target{heif_colorspace_RGB, ChromaOf(sample_bytes() == 2, layout.has_alpha)};
  HDRP_ASSIGN_OR_RETURN(image, DecodeHeif(job, target));
  return {};
}

/// The decoded rows, if they are what the headers announced.
Expected<CodedRows> HeifPicture::Codes() const {
  constexpr heif_channel kChannel = heif_channel_interleaved;
  const int width = heif_image_get_width(image.get(), kChannel);
  const int height = heif_image_get_height(image.get(), kChannel);
  const int bits = heif_image_get_bits_per_pixel_range(image.get(), kChannel);
  if (width != info.width || height != info.height || bits != info.bits) {
    return Fail(ErrorCode::kBadInput, kHeifWhere,
                "expected {} x {} pixels of {} bits as the headers say, decoded {} x {} of {}",
                info.width, info.height, info.bits, width, height, bits);
  }
  // Without a colr box libheif takes the codec's own code points. Nobody reads PQ as sRGB here.
  heif_color_profile_nclx* found = nullptr;
  if (heif_image_get_nclx_color_profile(image.get(), &found).code == heif_error_Ok) {
    const HeifNclx nclx(found);
    const auto coded = TransferFromH273(static_cast<unsigned>(nclx->transfer_characteristics));
    if ((coded == Transfer::kPq || coded == Transfer::kHlg) && coded != info.color.transfer) {
      return Fail(ErrorCode::kUnsupported, kHeifWhere,
                  "the coded picture says transfer {}, the file around it does not",
                  static_cast<int>(nclx->transfer_characteristics));
    }
  }
  std::size_t stride = 0;
  const std::uint8_t* data = heif_image_get_plane_readonly2(image.get(), kChannel, &stride);
  if (data == nullptr) return Fail(ErrorCode::kInternal, kHeifWhere, "libheif gave no pixels");
  return CodedRows{
      .data = data, .stride_bytes = stride, .sample_bytes = sample_bytes(), .layout = layout};
}

SampleLayout LayoutOf(const heif_image_handle* handle, int bits) {
  return {
      .has_alpha = heif_image_handle_has_alpha_channel(handle) != 0,
      .premultiplied = heif_image_handle_is_premultiplied_alpha(handle) != 0,
      .largest = static_cast<double>((1U << static_cast<unsigned>(bits)) - 1),
  };
}

}  // namespace

Expected<PictureRows> OpenHeif(ByteView file, const PictureOptions& options) {
  auto picture = std::make_unique<HeifPicture>();
  HDRP_ASSIGN_OR_RETURN(picture->context, OpenHeifContext(file, options.limits));
  HDRP_ASSIGN_OR_RETURN(picture->handle, PrimaryOf(picture->context.get()));
  HDRP_ASSIGN_OR_RETURN(picture->info, ReadHeifInfo(picture->handle.get(), options.limits));
  picture->layout = LayoutOf(picture->handle.get(), picture->info.bits);
  picture->job = {file, picture->handle.get(), options.limits, options.stop};

  PictureInfo info = picture->info;
  if (const auto structure = ReadHeifStructure(file); structure && structure->primary) {
    std::string problem = SurplusProblem(structure->Find(*structure->primary), "the picture");
    if (!problem.empty()) info.warnings.push_back(std::move(problem));
  }
  auto read = [picture = std::move(picture), rule = AlphaRule{options.flatten, kHeifWhere}](
                  int first_row, PlaneView<float> band) mutable -> Expected<void> {
    if (picture->image == nullptr) {
      HDRP_RETURN_IF_ERROR(picture->Decode());
    }
    HDRP_ASSIGN_OR_RETURN(const auto codes, picture->Codes());
    return FloatsFromCodes(codes, first_row, rule, band);
  };
  return RowsFrom(std::move(info), options.stop, std::move(read));
}

}  // namespace hdrp
