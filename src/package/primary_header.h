// The header of a primary image we write: what is kept of the base's own segments under the privacy
// policy, and the one order in which segments stand. Shared by the Ultra HDR file and the preview.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/byte_writer.h"
#include "base/bytes.h"
#include "base/error.h"
#include "metadata/exif.h"
#include "metadata/jpeg_structure.h"

namespace hdrp {

/// Places in the header. **The order of these names is the order in the file.**
enum class HeaderPlace : std::uint8_t {
  kJfif,         ///< APP0; decoders expect it first. With "AMPF" when more images follow (iMessage)
  kExif,         ///< APP1
  kXmp,          ///< APP1, the one standard packet
  kExtendedXmp,  ///< APP1, all parts
  kIcc,          ///< APP2, all chunks
  kOther,        ///< APP13, APP14, COM and whatever else is kept, in the base's order
  kIsoVersion,   ///< APP2; without it Skia does not look for ISO metadata in the map
  kMpf,          ///< APP2, the last one: its offsets count from here, tables and scans follow
};

struct HeaderSegment {
  HeaderPlace place = HeaderPlace::kOther;
  std::uint8_t marker = 0;  ///< metadata/jpeg_markers.h
  Bytes payload;            ///< at most kMaxSegmentPayload bytes
};
inline constexpr std::size_t kMaxSegmentPayload = 65'533;

struct PrimaryHeader {
  std::vector<HeaderSegment> segments;  ///< in the order of HeaderPlace
  std::vector<std::string> warnings;    ///< what was left out and why
};

/// The base's header without any trace of its own gain map. With `map_size` the XMP packet
/// announces a map of that many bytes; ISO version block and MPF are the caller's to append.
///
/// What stays of the segments that may carry personal data:
///   segment                  keep                     allow                       strip
///   Exif, XMP, APP13         as they are              filtered (metadata/exif.h)  filtered
///   COM                      as it is                 as it is                    dropped
///   JFXX thumbnail           as it is                 dropped                     dropped
///   C2PA manifest (APP11)    with a warning           dropped                     dropped
///   unknown APPn             as they are              dropped                     dropped
/// JFIF, ICC, APP14 and APP10 "AROT" (restart offsets) describe the coded picture and always stay.
[[nodiscard]] PrimaryHeader KeptHeader(const JpegStream& base, ExifPolicy policy,
                                       std::optional<std::uint32_t> map_size);

/// Bytes that AppendSegment adds.
[[nodiscard]] inline std::size_t SegmentSize(const HeaderSegment& segment) {
  return segment.payload.size() + 4;
}
void AppendSegment(ByteWriter& out, const HeaderSegment& segment);

/// A JFIF payload without thumbnail and without anything after its 14 bytes.
[[nodiscard]] Bytes BareJfif(ByteView payload);

}  // namespace hdrp
