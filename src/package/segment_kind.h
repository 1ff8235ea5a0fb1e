// What an APPn or COM segment of a base holds, by marker and the name its payload starts with.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "metadata/exif.h"
#include "metadata/iso21496.h"
#include "metadata/jpeg_markers.h"
#include "metadata/jpeg_structure.h"
#include "metadata/mpf.h"
#include "metadata/xmp.h"

namespace hdrp {

inline constexpr std::size_t kJfifSize = 14;

enum class SegmentKind : std::uint8_t {
  kJfif,
  kJfifThumbnail,  ///< JFXX
  kExif,
  kXmp,
  kExtendedXmp,
  kIcc,
  kIso,  ///< gain-map block of ISO 21496-1
  kMpf,
  kRestartOffsets,      ///< Apple's index of restart markers
  kContentCredentials,  ///< C2PA manifest in JUMBF boxes (ISO 19566-5)
  kPhotoshop,           ///< image resources, IPTC among them
  kAdobe,               ///< says how the samples are coded
  kComment,
  kUnknown,
};

struct SegmentName {
  std::uint8_t marker;
  std::string_view prefix;
  std::size_t min_size;  ///< decoders take nothing shorter for it
  SegmentKind kind;
};

inline constexpr auto kSegmentNames = std::to_array<SegmentName>({
    {kApp0, kJfifNamespace, kJfifSize, SegmentKind::kJfif},
    {kApp0, {"JFXX\0", 5}, 0, SegmentKind::kJfifThumbnail},
    {kApp1, kExifNamespace, 0, SegmentKind::kExif},
    {kApp1, kXmpNamespace, 0, SegmentKind::kXmp},
    {kApp1, kExtendedXmpNamespace, 0, SegmentKind::kExtendedXmp},
    {kApp2, kIccNamespace, 0, SegmentKind::kIcc},
    {kApp2, kIsoNamespace, 0, SegmentKind::kIso},
    {kApp2, kMpfNamespace, 0, SegmentKind::kMpf},
    {kApp10, "AROT", 0, SegmentKind::kRestartOffsets},
    {kApp11, "JP", 0, SegmentKind::kContentCredentials},
    {kApp13, kPhotoshopNamespace, 0, SegmentKind::kPhotoshop},
    {kApp14, "Adobe", 12, SegmentKind::kAdobe},
    {kCom, "", 0, SegmentKind::kComment},
});

/// Precondition: IsHeaderMarker(segment.marker).
[[nodiscard]] inline SegmentKind KindOf(const JpegSegment& segment) {
  for (const SegmentName& name : kSegmentNames) {
    if (segment.marker == name.marker && segment.payload.size() >= name.min_size &&
        StartsWith(segment.payload, name.prefix)) {
      return name.kind;
    }
  }
  return SegmentKind::kUnknown;
}

/// The stream's segments of one kind, in order.
[[nodiscard]] inline std::vector<const JpegSegment*> SegmentsOf(const JpegStream& stream,
                                                                SegmentKind kind) {
  std::vector<const JpegSegment*> found;
  for (const JpegSegment& segment : stream.segments) {
    if (IsHeaderMarker(segment.marker) && KindOf(segment) == kind) found.push_back(&segment);
  }
  return found;
}

}  // namespace hdrp
