#include "decode/heif/raster.h"

#include <bit>

#include "decode/map_raster.h"

namespace hdrp {
namespace {

heif_chroma InterleavedRgb(int bits) {
  if (bits <= 8) return heif_chroma_interleaved_RGB;
  return std::endian::native == std::endian::little ? heif_chroma_interleaved_RRGGBB_LE
                                                    : heif_chroma_interleaved_RRGGBB_BE;
}

/// What the file says, else what the bitstream says; without either full range, MIAF's default
/// (ISO/IEC 23000-22, 7.3.6.4).
bool HasLimitedRange(const heif_image_handle* handle, const heif_image* image) {
  heif_color_profile_nclx* found = nullptr;
  if (heif_image_handle_get_nclx_color_profile(handle, &found).code != heif_error_Ok &&
      heif_image_get_nclx_color_profile(image, &found).code != heif_error_Ok) {
    return false;
  }
  const HeifNclx nclx(found);
  return nclx->full_range_flag == 0;
}

}  // namespace

Expected<HeifTarget> StoredAs(const heif_image_handle* handle) {
  HeifTarget target;
  HDRP_RETURN_IF_ERROR(CheckHeif(heif_image_handle_get_preferred_decoding_colorspace(
      handle, &target.colorspace, &target.chroma)));
  return target;
}

Expected<Plane<std::uint8_t>> ReadHeifSamples(const HeifJob& job, HeifSamples samples) {
  const heif_image_handle* handle = job.handle;
  HDRP_ASSIGN_OR_RETURN(auto target, StoredAs(handle));
  const bool has_luma_plane =
      target.colorspace == heif_colorspace_YCbCr || target.colorspace == heif_colorspace_monochrome;
  const bool takes_luma_plane = samples == HeifSamples::kLuma && has_luma_plane;
  if (!takes_luma_plane) {
    const int bits = heif_image_handle_get_luma_bits_per_pixel(handle);
    target = {heif_colorspace_RGB, InterleavedRgb(bits)};
  }
  HDRP_ASSIGN_OR_RETURN(auto image, DecodeHeif(job, target));

  const heif_channel channel = takes_luma_plane ? heif_channel_Y : heif_channel_interleaved;
  SampleRows rows{.width = heif_image_get_width(image.get(), channel),
                  .height = heif_image_get_height(image.get(), channel),
                  .channels = takes_luma_plane ? 1 : 3};
  rows.data = heif_image_get_plane_readonly2(image.get(), channel, &rows.row_bytes);
  const int width = heif_image_handle_get_width(handle);
  const int height = heif_image_handle_get_height(handle);
  const SampleCoding coding{
      .bits = heif_image_get_bits_per_pixel_range(image.get(), channel),
      .has_limited_range = takes_luma_plane && HasLimitedRange(handle, image.get())};
  if (rows.data == nullptr || rows.width != width || rows.height != height || coding.bits < 1 ||
      coding.bits > 16) {
    return Fail(
        ErrorCode::kBadInput, kHeifWhere,
        "expected {} x {} pixels of up to 16 bits as the headers say, decoded {} x {} of {}", width,
        height, rows.width, rows.height, coding.bits);
  }
  Plane<std::uint8_t> plane = EightBitPlane(rows, coding);
  if (samples == HeifSamples::kLuma && !takes_luma_plane) return LumaOfRgb(plane.view());
  return plane;
}

}  // namespace hdrp
