#include "decode/stream_metadata.h"

#include <optional>

#include "base/formatted.h"
#include "metadata/extended_xmp.h"
#include "metadata/iso21496.h"
#include "metadata/jpeg_markers.h"

namespace hdrp {
namespace {

/// From an MPF marker to its TIFF header: marker, length, "MPF\0".
constexpr std::size_t kMpfTiffHeaderOffset = 8;

void ReadPackets(const JpegStream& stream, StreamMetadata& metadata) {
  for (const JpegSegment* segment : stream.Find(kApp1, kXmpNamespace)) {
    ++metadata.standard_xmp_packets;
    auto facts = ReadXmp(AsText(segment->payload.subspan(kXmpNamespace.size())));
    if (facts) {
      metadata.xmp.push_back(std::move(*facts));
    } else {
      metadata.problems.push_back(Formatted("the XMP packet at byte {} cannot be read: {}",
                                            segment->position, facts.error().message));
    }
  }
}

std::optional<std::string> ExtendedGuid(const StreamMetadata& metadata) {
  for (const XmpFacts& facts : metadata.xmp) {
    if (facts.extended_xmp_guid) return facts.extended_xmp_guid;
  }
  return std::nullopt;
}

void ReadExtended(const JpegStream& stream, const Limits& limits, StreamMetadata& metadata) {
  if (stream.Find(kApp1, kExtendedXmpNamespace).empty()) return;
  const auto guid = ExtendedGuid(metadata);
  if (!guid) {
    metadata.problems.emplace_back("Extended XMP is present but no XMP packet names its GUID");
    return;
  }
  const auto joined = JoinExtendedXmp(stream, *guid, limits.max_metadata_bytes);
  if (!joined) {
    metadata.problems.push_back("Extended XMP cannot be joined: " + joined.error().message);
    return;
  }
  if (!joined->digest_matches) {
    metadata.problems.push_back(
        Formatted("Extended XMP is left out: its MD5 is not its GUID {}", *guid));
    return;
  }
  auto facts = ReadXmp(joined->text);
  if (facts) {
    metadata.xmp.push_back(std::move(*facts));
  } else {
    metadata.problems.push_back("Extended XMP cannot be read: " + facts.error().message);
  }
}

}  // namespace

StreamMetadata ReadStreamMetadata(const JpegStream& stream, const Limits& limits) {
  StreamMetadata metadata;
  ReadPackets(stream, metadata);
  ReadExtended(stream, limits, metadata);
  for (const JpegSegment* segment : stream.Find(kApp2, kIsoNamespace)) {
    metadata.iso_payloads.push_back(segment->payload.subspan(kIsoNamespace.size()));
  }
  for (const JpegSegment* segment : stream.Find(kApp2, kMpfNamespace)) {
    metadata.mpf.push_back(ReadMpf(segment->payload));
    metadata.mpf_positions.push_back(segment->position + kMpfTiffHeaderOffset);
  }
  return metadata;
}

}  // namespace hdrp
