#include "package/picture_metadata.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "base/formatted.h"
#include "metadata/extended_xmp.h"
#include "package/primary_xmp.h"
#include "package/segment_kind.h"

namespace hdrp {
namespace {

using Warnings = std::vector<std::string>;

Bytes KeptExif(const JpegStream& base, ExifPolicy policy, Warnings& warnings) {
  const auto segments = SegmentsOf(base, SegmentKind::kExif);
  if (segments.empty()) return {};
  if (segments.size() > 1) {
    warnings.push_back(Formatted("only the first of {} EXIF segments was kept", segments.size()));
  }
  FilteredMetadata kept =
      FilterExif(segments.front()->payload.subspan(kExifNamespace.size()), policy);
  std::ranges::move(kept.warnings, std::back_inserter(warnings));
  return std::move(kept.bytes);
}

std::string KeptXmp(const JpegStream& base, ExifPolicy policy, Warnings& warnings) {
  PrimaryXmp kept = PrimaryXmpOf(base, policy, std::nullopt);
  std::ranges::move(kept.warnings, std::back_inserter(warnings));
  if (kept.extension.empty()) return std::move(kept.packet);
  // The split is JPEG's alone: nothing reads an extension beside these items.
  warnings.emplace_back("Extended XMP was left out: HEIC and AVIF carry one packet");
  Expected<std::string> packet = WithExtendedXmpNote(kept.packet, "");
  if (packet) return std::move(*packet);
  warnings.push_back(Formatted("XMP was left out: {}", packet.error().message));
  return {};
}

/// One sentence for each kind of segment that the policy leaves and the container cannot hold.
void WarnOfTheRest(const JpegStream& base, ExifPolicy policy, Warnings& warnings) {
  if (!SegmentsOf(base, SegmentKind::kContentCredentials).empty()) {
    warnings.emplace_back("the C2PA manifest was left out: it could not validate any more");
  }
  if (policy == ExifPolicy::kStrip) return;
  if (!SegmentsOf(base, SegmentKind::kPhotoshop).empty()) {
    warnings.emplace_back("IPTC data (APP13) were left out: HEIC and AVIF have no place for them");
  }
  if (!SegmentsOf(base, SegmentKind::kComment).empty()) {
    warnings.emplace_back("JPEG comments were left out: HEIC and AVIF have no place for them");
  }
  if (policy == ExifPolicy::kKeep && !SegmentsOf(base, SegmentKind::kUnknown).empty()) {
    warnings.emplace_back("unknown APPn segments were left out: they are JPEG's alone");
  }
}

}  // namespace

PictureMetadata PictureMetadataOf(const JpegStream& base, ExifPolicy policy) {
  PictureMetadata metadata;
  metadata.exif_tiff = KeptExif(base, policy, metadata.warnings);
  metadata.xmp = KeptXmp(base, policy, metadata.warnings);
  if (Expected<Bytes> profile = JoinIcc(base)) {
    metadata.icc = std::move(*profile);
  } else {
    metadata.warnings.push_back(
        Formatted("the ICC profile was left out: {}", profile.error().message));
  }
  WarnOfTheRest(base, policy, metadata.warnings);
  return metadata;
}

}  // namespace hdrp
