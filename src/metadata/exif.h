// EXIF, IPTC and user XMP under the privacy policy, and the few EXIF facts the pipeline needs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "base/orientation.h"
#include "metadata/apple.h"

namespace hdrp {

inline constexpr std::string_view kExifNamespace{"Exif\0\0", 6};

/// keep: as it is. allow: orientation, camera, lens, exposure, dates, copyright, artist; never GPS or
/// MakerNote; embedded thumbnail re-packed without its own metadata or dropped. strip: the
/// orientation alone.
enum class ExifPolicy : std::uint8_t { kKeep, kAllow, kStrip };

struct ExifFacts {
  Orientation orientation = Orientation::kTopLeft;
  bool orientation_invalid = false;  ///< a value outside 1..8 stood in the tag; treated as 1
  std::string make, model;
  AppleMakerNote apple;
};

/// Reads the TIFF structure after kExifNamespace (bounds-checked, our own reader, no library).
/// Damaged EXIF gives defaults; `bad_input` only when not even the header can be read.
[[nodiscard]] Expected<ExifFacts> ReadExif(ByteView tiff);

/// What the policy leaves; `dropped` are sentences for the report ("EXIF could not be parsed and was
/// left out except for the orientation"). Empty result bytes mean: write no such segment.
struct FilteredMetadata {
  Bytes bytes;
  std::vector<std::string> warnings;
};

/// TIFF bytes in, TIFF bytes out (without kExifNamespace). kKeep returns the input unchanged.
[[nodiscard]] FilteredMetadata FilterExif(ByteView tiff, ExifPolicy policy);

/// A whole APP13 Photoshop payload ("Photoshop 3.0\0" 8BIM resources). kAllow keeps IPTC's
/// creator, copyright, caption, title, keywords and dates and drops places, people and contact
/// data; other 8BIM resources with personal or thumbnail content (0x0409, 0x040C, EXIF, XMP) go too.
/// kStrip drops all.
[[nodiscard]] FilteredMetadata FilterPhotoshop(ByteView payload, ExifPolicy policy);

/// A user's XMP packet. kAllow drops GPS and place properties (exif:GPS*, photoshop:City/State/
/// Country, Iptc4xmpCore location, Iptc4xmpExt locations and persons), serial numbers, owner names,
/// history and document ids, embedded thumbnails (xmp:Thumbnails); kStrip drops the packet.
[[nodiscard]] FilteredMetadata FilterXmp(std::string_view packet, ExifPolicy policy);

}  // namespace hdrp
