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
inline constexpr std::string_view kPhotoshopNamespace{"Photoshop 3.0\0", 14};

/// keep: as it is, byte for byte. allow: what the tables of metadata/allow_list.h name
/// (orientation, camera, lens, exposure, dates, copyright, artist), never GPS or MakerNote. The
/// embedded thumbnail goes: it shows the picture before the edit, and is a JPEG with metadata of
/// its own. strip: the orientation alone.
enum class ExifPolicy : std::uint8_t { kKeep, kAllow, kStrip };

struct ExifFacts {
  Orientation orientation = Orientation::kTopLeft;
  bool orientation_invalid = false;   ///< the tag held no number of 1..8; treated as 1
  std::string make, model, software;  ///< printable ASCII; anything else in them became '?'
  std::string date_time_original;     ///< "2025:11:24 09:20:25", as stored; likewise
  AppleMakerNote apple;
};

/// Reads the TIFF structure after kExifNamespace (bounds-checked, our own reader, no library).
/// Damaged EXIF gives defaults; `bad_input` only when not even the header can be read.
[[nodiscard]] Expected<ExifFacts> ReadExif(ByteView tiff);

/// What the policy leaves, and sentences for the report where that is less than the policy allows
/// ("EXIF could not be parsed and was left out except for the orientation"). Empty bytes mean:
/// write no such segment.
struct FilteredMetadata {
  Bytes bytes;
  std::vector<std::string> warnings;
};

/// TIFF bytes in, TIFF bytes out (without kExifNamespace). Whatever else is damaged or dropped,
/// ReadExif finds the same orientation in the result (an invalid one becomes 1; no result: 1).
/// YCbCrPositioning, which EXIF requires, is added where it is missing.
[[nodiscard]] FilteredMetadata FilterExif(ByteView tiff, ExifPolicy policy);

/// An EXIF that says nothing but the orientation; empty for kTopLeft, which pictures have anyway.
[[nodiscard]] Bytes OrientationOnlyExif(Orientation orientation);

/// `exif` with this orientation in IFD0, every other byte where it was. For an empty one
/// OrientationOnlyExif; the same, with a warning, for one whose IFD0 cannot be read.
[[nodiscard]] FilteredMetadata ExifWithOrientation(ByteView exif, Orientation orientation);

/// The EXIF of a TIFF (or BigTIFF) picture's own directories, reduced to what kAllow allows. What
/// says how the picture is stored does not come along, and nothing of its size is read or copied.
[[nodiscard]] FilteredMetadata ExifFromTiffFile(ByteView tiff_file);

/// A whole APP13 Photoshop payload ("Photoshop 3.0\0" 8BIM resources). kAllow keeps IPTC's
/// creator, copyright, caption, title, keywords and dates byte for byte, and drops places, people,
/// contact data and all resources that may hold more of them (thumbnails, EXIF, XMP, digests).
/// kStrip drops all.
[[nodiscard]] FilteredMetadata FilterPhotoshop(ByteView payload, ExifPolicy policy);

/// A user's XMP packet, with or without the xpacket wrapper (the result has one where the packet
/// had). kAllow keeps the properties of allow_list.h whole and drops all others: GPS, places,
/// persons, serial numbers, owners, histories, document ids, maker notes, embedded pictures, claims
/// of a gain map, unknown ones. kStrip drops the packet.
[[nodiscard]] FilteredMetadata FilterXmp(std::string_view packet, ExifPolicy policy);

}  // namespace hdrp
