#include "package/jpeg_r_libultrahdr.h"

#include <ultrahdr_api.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <set>
#include <utility>

#include "base/formatted.h"
#include "metadata/xmp.h"
#include "package/segment_kind.h"

namespace hdrp {
namespace {

constexpr std::string_view kWhere = "libultrahdr encoder";

using Encoder = std::unique_ptr<uhdr_codec_private_t, decltype(&uhdr_release_encoder)>;

Expected<void> Check(const uhdr_error_info_t& status) {
  if (status.error_code == UHDR_CODEC_OK) return {};
  return Fail(ErrorCode::kExportFailed, kWhere, "status {}: {}",
              static_cast<int>(status.error_code),
              status.has_detail != 0 ? static_cast<const char*>(status.detail) : "no detail");
}

/// The library takes its input through a pointer to non-const, and only reads it.
uhdr_compressed_image_t Borrowed(ByteView jpeg, uhdr_color_gamut_t gamut) {
  return {.data = const_cast<std::uint8_t*>(jpeg.data()),
          .data_sz = jpeg.size(),
          .capacity = jpeg.size(),
          .cg = gamut,
          .ct = UHDR_CT_UNSPECIFIED,
          .range = UHDR_CR_UNSPECIFIED};
}

float LinearFromStops(double stops) { return static_cast<float>(std::exp2(stops)); }

uhdr_gainmap_metadata_t LinearMetadata(const GainMapMetadata& metadata) {
  uhdr_gainmap_metadata_t linear{};
  for (std::size_t c = 0; c < 3; ++c) {
    linear.min_content_boost[c] = LinearFromStops(metadata.gain_map_min[c]);
    linear.max_content_boost[c] = LinearFromStops(metadata.gain_map_max[c]);
    linear.gamma[c] = static_cast<float>(metadata.gamma[c]);
    linear.offset_sdr[c] = static_cast<float>(metadata.base_offset[c]);
    linear.offset_hdr[c] = static_cast<float>(metadata.alternate_offset[c]);
  }
  linear.hdr_capacity_min = LinearFromStops(metadata.base_hdr_headroom);
  linear.hdr_capacity_max = LinearFromStops(metadata.alternate_hdr_headroom);
  linear.use_base_cg = metadata.use_base_color_space ? 1 : 0;
  return linear;
}

Expected<Bytes> Encode(ByteView base, uhdr_color_gamut_t gamut, ByteView map,
                       const GainMapMetadata& metadata) {
  const Encoder encoder(uhdr_create_encoder(), uhdr_release_encoder);
  if (!encoder) return Fail(ErrorCode::kInternal, kWhere, "no memory for an encoder");
  uhdr_compressed_image_t base_image = Borrowed(base, gamut);
  uhdr_compressed_image_t map_image = Borrowed(map, UHDR_CG_UNSPECIFIED);
  uhdr_gainmap_metadata_t linear = LinearMetadata(metadata);
  HDRP_RETURN_IF_ERROR(
      Check(uhdr_enc_set_compressed_image(encoder.get(), &base_image, UHDR_BASE_IMG)));
  HDRP_RETURN_IF_ERROR(Check(uhdr_enc_set_gainmap_image(encoder.get(), &map_image, &linear)));
  HDRP_RETURN_IF_ERROR(Check(uhdr_encode(encoder.get())));
  const uhdr_compressed_image_t* stream = uhdr_get_encoded_stream(encoder.get());
  if (stream == nullptr || stream->data == nullptr) {
    return Fail(ErrorCode::kExportFailed, kWhere, "no stream after a successful encode");
  }
  const auto* data = static_cast<const std::uint8_t*>(stream->data);
  return Bytes(data, data + stream->data_sz);
}

std::string_view NameOf(SegmentKind kind) {
  switch (kind) {
    case SegmentKind::kJfif:
      return "JFIF";
    case SegmentKind::kJfifThumbnail:
      return "the JFIF thumbnail";
    case SegmentKind::kExif:
      return "EXIF";
    case SegmentKind::kXmp:
      return "the user's XMP";
    case SegmentKind::kExtendedXmp:
      return "the user's Extended XMP";
    case SegmentKind::kIcc:
      return "part of the ICC profile";
    case SegmentKind::kIso:
      return "an ISO 21496-1 block";
    case SegmentKind::kMpf:
      return "an MPF index";
    case SegmentKind::kRestartOffsets:
      return "APP10 restart offsets";
    case SegmentKind::kContentCredentials:
      return "the C2PA manifest";
    case SegmentKind::kPhotoshop:
      return "IPTC (APP13)";
    case SegmentKind::kAdobe:
      return "APP14 (how the samples are coded)";
    case SegmentKind::kComment:
      return "a comment (COM)";
    case SegmentKind::kUnknown:
      return "a vendor's segment";
  }
  std::unreachable();
}

/// One sentence per kind of segment that went in and did not come out byte for byte.
std::vector<std::string> Losses(const JpegStream& before, const JpegStream& after) {
  std::set<SegmentKind> lost;
  for (const JpegSegment& segment : before.segments) {
    if (!IsHeaderMarker(segment.marker)) continue;
    const SegmentKind kind = KindOf(segment);
    if (kind == SegmentKind::kJfif) continue;  // rewritten by design
    const auto same = [&](const JpegSegment& other) {
      return other.marker == segment.marker && std::ranges::equal(other.payload, segment.payload);
    };
    if (std::ranges::none_of(after.segments, same)) lost.insert(kind);
  }
  std::vector<std::string> sentences;
  for (const SegmentKind kind : lost) {
    sentences.push_back(Formatted("libultrahdr left out {}", NameOf(kind)));
  }
  return sentences;
}

/// The library adds an ISO 21496-1 block to the map and leaves the one that is there already, so
/// that readers would find two: without it. Every other stream as it is.
Expected<Bytes> WithoutIsoBlock(ByteView map_jpeg) {
  HDRP_ASSIGN_OR_RETURN(const JpegStream map, Within("gain map", WalkJpeg(map_jpeg, 0)));
  if (SegmentsOf(map, SegmentKind::kIso).empty()) return Bytes(map_jpeg.begin(), map_jpeg.end());
  HDRP_ASSIGN_OR_RETURN(PackagedJpeg plain,
                        Within("gain map", WritePlainJpeg({map_jpeg, &map}, ExifPolicy::kStrip)));
  return std::move(plain.bytes);
}

}  // namespace

Expected<PackagedJpeg> WriteJpegRWithLibultrahdr(const BaseJpeg& base, ByteView map_jpeg,
                                                 const GainMapMetadata& metadata,
                                                 ExifPolicy policy) {
  HDRP_ASSIGN_OR_RETURN(PackagedJpeg plain, WritePlainJpeg(base, policy));
  HDRP_ASSIGN_OR_RETURN(const JpegStream before, Within(kWhere, WalkJpeg(plain.bytes, 0)));
  // Without a profile the library wants to be told the primaries; a JPEG without one is sRGB.
  const bool has_icc = !SegmentsOf(before, SegmentKind::kIcc).empty();
  HDRP_ASSIGN_OR_RETURN(const Bytes map, WithoutIsoBlock(map_jpeg));
  HDRP_ASSIGN_OR_RETURN(
      Bytes encoded,
      Encode(plain.bytes, has_icc ? UHDR_CG_UNSPECIFIED : UHDR_CG_BT_709, map, metadata));

  HDRP_ASSIGN_OR_RETURN(const JpegStream after, Within(kWhere, WalkJpeg(encoded, 0)));
  PackagedJpeg result{{}, after.end, std::move(plain.warnings)};
  if (SegmentsOf(after, SegmentKind::kXmp).empty()) {
    result.warnings.push_back(
        "libultrahdr wrote no hdrgm XMP and no GContainer: readers that know XMP only show SDR");
  }
  for (std::string& loss : Losses(before, after)) result.warnings.push_back(std::move(loss));
  result.bytes = std::move(encoded);
  return result;
}

}  // namespace hdrp
