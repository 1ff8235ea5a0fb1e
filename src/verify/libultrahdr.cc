#include "verify/libultrahdr.h"

#include <ultrahdr_api.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string_view>

namespace hdrp {
namespace {

constexpr std::string_view kWhere = "libultrahdr decoder";
constexpr int kRgba = 4;

using Decoder = std::unique_ptr<uhdr_codec_private_t, decltype(&uhdr_release_decoder)>;

Expected<void> Check(const uhdr_error_info_t& status) {
  if (status.error_code == UHDR_CODEC_OK) return {};
  return Fail(ErrorCode::kBadInput, kWhere, "status {}: {}", static_cast<int>(status.error_code),
              status.has_detail != 0 ? static_cast<const char*>(status.detail) : "no detail");
}

/// A decoder that has been given the file. It keeps the pointer and only reads through it.
Expected<Decoder> DecoderOf(ByteView jpeg) {
  Decoder decoder(uhdr_create_decoder(), uhdr_release_decoder);
  if (!decoder) return Fail(ErrorCode::kInternal, kWhere, "no memory for a decoder");
  uhdr_compressed_image_t image{.data = const_cast<std::uint8_t*>(jpeg.data()),
                                .data_sz = jpeg.size(),
                                .capacity = jpeg.size(),
                                .cg = UHDR_CG_UNSPECIFIED,
                                .ct = UHDR_CT_UNSPECIFIED,
                                .range = UHDR_CR_UNSPECIFIED};
  HDRP_RETURN_IF_ERROR(Check(uhdr_dec_set_image(decoder.get(), &image)));
  return decoder;
}

double StopsFromLinear(float linear) { return std::log2(static_cast<double>(linear)); }

GainMapMetadata MetadataInStops(const uhdr_gainmap_metadata_t& linear) {
  GainMapMetadata metadata;
  for (std::size_t c = 0; c < 3; ++c) {
    metadata.gain_map_min[c] = StopsFromLinear(linear.min_content_boost[c]);
    metadata.gain_map_max[c] = StopsFromLinear(linear.max_content_boost[c]);
    metadata.gamma[c] = static_cast<double>(linear.gamma[c]);
    metadata.base_offset[c] = static_cast<double>(linear.offset_sdr[c]);
    metadata.alternate_offset[c] = static_cast<double>(linear.offset_hdr[c]);
  }
  metadata.base_hdr_headroom = StopsFromLinear(linear.hdr_capacity_min);
  metadata.alternate_hdr_headroom = StopsFromLinear(linear.hdr_capacity_max);
  metadata.use_base_color_space = linear.use_base_cg != 0;
  return metadata;
}

}  // namespace

Expected<LibultrahdrProbe> ProbeWithLibultrahdr(ByteView jpeg) {
  HDRP_ASSIGN_OR_RETURN(const Decoder decoder, DecoderOf(jpeg));
  uhdr_codec_private_t* handle = decoder.get();
  HDRP_RETURN_IF_ERROR(Check(uhdr_dec_probe(handle)));
  const uhdr_gainmap_metadata_t* metadata = uhdr_dec_get_gainmap_metadata(handle);
  if (metadata == nullptr) return Fail(ErrorCode::kBadInput, kWhere, "the probe has no metadata");
  return LibultrahdrProbe{.width = uhdr_dec_get_image_width(handle),
                          .height = uhdr_dec_get_image_height(handle),
                          .map_width = uhdr_dec_get_gainmap_width(handle),
                          .map_height = uhdr_dec_get_gainmap_height(handle),
                          .metadata = MetadataInStops(*metadata)};
}

Expected<Plane<std::uint16_t>> DecodeWithLibultrahdr(ByteView jpeg, double display_headroom_stops) {
  HDRP_ASSIGN_OR_RETURN(const Decoder decoder, DecoderOf(jpeg));
  uhdr_codec_private_t* handle = decoder.get();
  HDRP_RETURN_IF_ERROR(Check(uhdr_dec_set_out_img_format(handle, UHDR_IMG_FMT_64bppRGBAHalfFloat)));
  HDRP_RETURN_IF_ERROR(Check(uhdr_dec_set_out_color_transfer(handle, UHDR_CT_LINEAR)));
  if (std::isfinite(display_headroom_stops)) {  // unset means full
    const auto boost = static_cast<float>(std::exp2(display_headroom_stops));
    HDRP_RETURN_IF_ERROR(Check(uhdr_dec_set_out_max_display_boost(handle, boost)));
  }
  HDRP_RETURN_IF_ERROR(Check(uhdr_decode(handle)));
  const uhdr_raw_image_t* image = uhdr_get_decoded_image(handle);
  if (image == nullptr || image->planes[UHDR_PLANE_PACKED] == nullptr ||
      image->fmt != UHDR_IMG_FMT_64bppRGBAHalfFloat || image->w == 0 || image->h == 0) {
    return Fail(ErrorCode::kBadInput, kWhere, "no half-float picture after a successful decode");
  }
  const auto* source = static_cast<const std::uint16_t*>(image->planes[UHDR_PLANE_PACKED]);
  const std::size_t stride = std::size_t{image->stride[UHDR_PLANE_PACKED]} * kRgba;
  Plane<std::uint16_t> pixels(static_cast<int>(image->w), static_cast<int>(image->h), kRgba);
  for (int y = 0; y < pixels.height(); ++y) {
    std::copy_n(source + static_cast<std::size_t>(y) * stride, std::size_t{image->w} * kRgba,
                pixels.Row(y));
  }
  return pixels;
}

}  // namespace hdrp
