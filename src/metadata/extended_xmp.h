// Extended XMP: the part of a user's packet that does not fit one APP1 segment, spread over
// numbered parts which the standard packet names by GUID. Source: XMP specification part 3,
// section 1.1.3.1 (JPEG).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "metadata/jpeg_structure.h"

namespace hdrp {

inline constexpr std::string_view kXmpNoteUri = "http://ns.adobe.com/xmp/note/";
/// The longest standard packet: a segment's payload (65,533 bytes) less the namespace and reserve
/// that the specification asks for.
inline constexpr std::size_t kMaxStandardXmpBytes = 65'502;

struct ExtendedXmp {
  std::string text;             ///< the joined packet (no xpacket wrapper)
  bool digest_matches = false;  ///< its MD5 is the GUID, as the specification wants
};

/// The parts with this GUID, joined. bad_input when parts are missing, overlap or disagree on the
/// length; too_large over `max_bytes`.
[[nodiscard]] Expected<ExtendedXmp> JoinExtendedXmp(const JpegStream& stream, std::string_view guid,
                                                    std::uint64_t max_bytes);

/// The APP1 payloads that carry `text`; their GUID is Md5Hex(text).
[[nodiscard]] std::vector<Bytes> ExtendedXmpPayloads(std::string_view text);

/// Both functions below expect packets that ReadXmp accepts (well-formed, nesting bounded).
///
/// `packet` with xmpNote:HasExtendedXMP set to `guid`, or without it where `guid` is empty. An
/// empty packet becomes one that holds the note alone. bad_input when it is not well-formed.
[[nodiscard]] Expected<std::string> WithExtendedXmpNote(std::string_view packet,
                                                        std::string_view guid);

/// The rdf:Descriptions of both packets in one rdf:RDF. The packets must not state the same
/// property.
[[nodiscard]] Expected<std::string> MergedXmp(std::string_view packet, std::string_view other);

}  // namespace hdrp
