#include "package/jpeg_r.h"

#include <cstdint>
#include <limits>
#include <utility>

#include "base/byte_writer.h"
#include "base/formatted.h"
#include "metadata/iso21496.h"
#include "metadata/jpeg_markers.h"
#include "metadata/mpf.h"
#include "metadata/xmp.h"
#include "package/primary_header.h"
#include "package/segment_kind.h"

namespace hdrp {
namespace {

constexpr std::string_view kWhere = "Ultra HDR file";

HeaderSegment IsoSegment(ByteView block) {
  ByteWriter payload;
  payload.Append(kIsoNamespace);
  payload.Append(block);
  return {HeaderPlace::kIsoVersion, kApp2, std::move(payload).Take()};
}

/// JFIF and APP14 say how the map's samples are coded; nothing else of its header is of use.
std::vector<HeaderSegment> MapHeader(const JpegStream& map, const GainMapMetadata& metadata) {
  std::vector<HeaderSegment> header;
  if (const auto jfif = SegmentsOf(map, SegmentKind::kJfif); !jfif.empty()) {
    header.push_back({HeaderPlace::kJfif, kApp0, BareJfif(jfif.front()->payload)});
  }
  ByteWriter xmp;
  xmp.Append(kXmpNamespace);
  xmp.Append(WriteMapXmp(metadata));
  header.push_back({HeaderPlace::kXmp, kApp1, std::move(xmp).Take()});
  for (const JpegSegment* adobe : SegmentsOf(map, SegmentKind::kAdobe)) {
    header.push_back({HeaderPlace::kOther, kApp14, {adobe->payload.begin(), adobe->payload.end()}});
  }
  header.push_back(IsoSegment(WriteIsoBlock(metadata)));
  return header;
}

std::size_t StreamSize(const std::vector<HeaderSegment>& header, const JpegStream& stream) {
  std::size_t size = kSoiBytes.size();
  for (const HeaderSegment& segment : header) size += SegmentSize(segment);
  for (const ByteView range : stream.picture) size += range.size();
  return size;
}

void AppendStream(ByteWriter& out, const std::vector<HeaderSegment>& header,
                  const JpegStream& stream) {
  out.Append(kSoiBytes);
  for (const HeaderSegment& segment : header) AppendSegment(out, segment);
  for (const ByteView range : stream.picture) out.Append(range);
}

Expected<void> RequireComplete(const JpegStream& stream, std::string_view name) {
  if (stream.complete) return {};
  return Fail(ErrorCode::kBadInput, name, "the picture's data end without an EOI marker");
}

/// What nobody may write, whoever asks for it.
Expected<void> CheckMap(const JpegStream& map, const GainMapMetadata& metadata) {
  if (auto broken = BrokenRules(metadata, MetadataUse::kWrite); !broken.empty()) {
    return std::unexpected(
        Error{ErrorCode::kUnsupported,
              Formatted("the gain map's numbers cannot be written: {}", broken.front()),
              std::string(kWhere), std::move(broken)});
  }
  // libultrahdr applies channel 0 alone then, Skia all three.
  if (map.frame.components.size() == 1 && !metadata.IsSingleChannel()) {
    return Fail(ErrorCode::kUnsupported, kWhere,
                "a grey gain map with different numbers per channel is read differently by "
                "different programs");
  }
  return {};
}

/// MPF says sizes and offsets in 32 bits.
Expected<void> RequireInMpfReach(std::size_t size) {
  constexpr std::size_t kReach = std::numeric_limits<std::uint32_t>::max();
  if (size <= kReach) return {};
  return Fail(ErrorCode::kExportFailed, kWhere, "{} bytes are more than MPF can address ({})", size,
              kReach);
}

void WarnOfTheRest(const BaseJpeg& base, std::vector<std::string>& warnings) {
  if (base.file.size() > base.stream->end) {
    warnings.push_back(
        Formatted("{} bytes after the picture (further images, videos or trailers) were left out",
                  base.file.size() - base.stream->end));
  }
  if (base.stream->header_segments_after_scan > 0) {
    warnings.push_back(Formatted("{} APPn or COM segments between the scans were left out",
                                 base.stream->header_segments_after_scan));
  }
}

}  // namespace

Expected<PackagedJpeg> WriteJpegR(const BaseJpeg& base, ByteView map_jpeg,
                                  const GainMapMetadata& metadata, ExifPolicy policy) {
  HDRP_RETURN_IF_ERROR(RequireComplete(*base.stream, "base image"));
  HDRP_ASSIGN_OR_RETURN(const JpegStream map, Within("gain map", WalkJpeg(map_jpeg, 0)));
  HDRP_RETURN_IF_ERROR(RequireComplete(map, "gain map"));
  HDRP_RETURN_IF_ERROR(CheckMap(map, metadata));

  const std::vector<HeaderSegment> map_header = MapHeader(map, metadata);
  const std::size_t map_size = StreamSize(map_header, map);
  HDRP_RETURN_IF_ERROR(RequireInMpfReach(map_size));

  PrimaryHeader primary = KeptHeader(*base.stream, policy, static_cast<std::uint32_t>(map_size));
  primary.segments.push_back(IsoSegment(WriteIsoVersionBlock()));
  std::size_t mpf_position = kSoiBytes.size();
  for (const HeaderSegment& segment : primary.segments) mpf_position += SegmentSize(segment);
  primary.segments.push_back({HeaderPlace::kMpf, kApp2, Bytes(kMpfPayloadSize)});
  const std::size_t primary_size = StreamSize(primary.segments, *base.stream);
  HDRP_RETURN_IF_ERROR(RequireInMpfReach(primary_size + map_size));
  // The TIFF header, from which MPF counts, follows marker, length and "MPF\0".
  primary.segments.back().payload =
      WriteMpf(static_cast<std::uint32_t>(primary_size), static_cast<std::uint32_t>(map_size),
               static_cast<std::uint32_t>(mpf_position + 8));

  ByteWriter out;
  out.Reserve(primary_size + map_size);
  AppendStream(out, primary.segments, *base.stream);
  AppendStream(out, map_header, map);
  WarnOfTheRest(base, primary.warnings);
  return PackagedJpeg{std::move(out).Take(), primary_size, std::move(primary.warnings)};
}

Expected<PackagedJpeg> WritePlainJpeg(const BaseJpeg& base, ExifPolicy policy) {
  HDRP_RETURN_IF_ERROR(RequireComplete(*base.stream, "base image"));
  PrimaryHeader header = KeptHeader(*base.stream, policy, std::nullopt);
  const std::size_t size = StreamSize(header.segments, *base.stream);
  ByteWriter out;
  out.Reserve(size);
  AppendStream(out, header.segments, *base.stream);
  WarnOfTheRest(base, header.warnings);
  return PackagedJpeg{std::move(out).Take(), size, std::move(header.warnings)};
}

}  // namespace hdrp
