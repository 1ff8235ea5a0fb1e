#include "package/primary_xmp.h"

#include <utility>

#include "base/formatted.h"
#include "base/limits.h"
#include "metadata/digest.h"
#include "metadata/extended_xmp.h"
#include "metadata/xmp.h"
#include "package/segment_kind.h"

namespace hdrp {
namespace {

struct UserXmp {
  std::string packet;
  std::string extension;
};

using Warnings = std::vector<std::string>;

std::string Filtered(std::string_view text, ExifPolicy policy, Warnings& warnings) {
  const FilteredMetadata kept = FilterXmp(text, policy);
  warnings.insert(warnings.end(), kept.warnings.begin(), kept.warnings.end());
  return std::string(AsText(kept.bytes));
}

std::string GuidOf(const std::string& extension) {
  return extension.empty() ? std::string() : Md5Hex(AsBytes(extension));
}

/// Text as Extended XMP holds it: no xpacket wrapper and no note of a further extension.
Expected<std::string> ExtensionFrom(std::string_view packet) {
  const Expected<std::string> cleaned = WithoutGainMapClaims(packet);
  if (!cleaned || cleaned->empty()) return cleaned;
  return WithExtendedXmpNote(*cleaned, "");
}

std::string KeptExtension(const JpegStream& base, std::string_view guid, ExifPolicy policy,
                          Warnings& warnings) {
  const Expected<ExtendedXmp> joined = JoinExtendedXmp(base, guid, Limits{}.max_metadata_bytes);
  if (!joined) {
    warnings.push_back(Formatted("Extended XMP was left out: {}", joined.error().message));
    return {};
  }
  const std::string text = Filtered(joined->text, policy, warnings);
  Expected<std::string> kept = WithoutGainMapClaims(text);
  // Without a claim it stays byte for byte.
  if (kept && !kept->empty() && *kept != text) kept = WithExtendedXmpNote(*kept, "");
  if (kept) return std::move(*kept);
  warnings.push_back(Formatted("Extended XMP was left out: {}", kept.error().message));
  return {};
}

/// What the policy leaves of the base's first packet and of the extension it names.
UserXmp KeptUserXmp(const JpegStream& base, ExifPolicy policy, Warnings& warnings) {
  const auto packets = SegmentsOf(base, SegmentKind::kXmp);
  if (packets.empty()) return {};
  if (packets.size() > 1) {
    // Readers stop at the first packet or refuse the file, so a second one cannot stay.
    warnings.push_back(Formatted("only the first of {} XMP packets was kept", packets.size()));
  }
  const std::string_view packet = AsText(packets.front()->payload.subspan(kXmpNamespace.size()));
  const Expected<XmpFacts> facts = ReadXmp(packet);
  if (!facts) {
    warnings.push_back(Formatted("the XMP packet was left out: {}", facts.error().message));
    return {};
  }
  UserXmp user{Filtered(packet, policy, warnings), {}};
  if (user.packet.empty() || !facts->extended_xmp_guid) return user;

  const std::string& old_guid = *facts->extended_xmp_guid;
  user.extension = KeptExtension(base, old_guid, policy, warnings);
  const std::string guid = GuidOf(user.extension);
  if (guid == old_guid) return user;
  if (Expected<std::string> noted = WithExtendedXmpNote(user.packet, guid)) {
    user.packet = std::move(*noted);
  }
  return user;
}

/// The packet with our announcement, or without any.
Expected<std::string> Announcing(const std::string& user_packet,
                                 std::optional<std::uint32_t> map_size) {
  return map_size ? WritePrimaryXmp(user_packet, *map_size) : WithoutGainMapClaims(user_packet);
}

/// The user's properties moved to Extended XMP whole; the standard packet keeps ours and the note.
Expected<PrimaryXmp> Overflowed(const UserXmp& user, std::optional<std::uint32_t> map_size) {
  HDRP_ASSIGN_OR_RETURN(std::string extension, ExtensionFrom(user.packet));
  if (!user.extension.empty()) {
    HDRP_ASSIGN_OR_RETURN(extension, MergedXmp(extension, user.extension));
  }
  HDRP_ASSIGN_OR_RETURN(const std::string note, WithExtendedXmpNote("", GuidOf(extension)));
  HDRP_ASSIGN_OR_RETURN(std::string packet, Announcing(note, map_size));
  return PrimaryXmp{std::move(packet), std::move(extension), {}};
}

Expected<PrimaryXmp> Announced(UserXmp user, std::optional<std::uint32_t> map_size) {
  HDRP_ASSIGN_OR_RETURN(std::string packet, Announcing(user.packet, map_size));
  if (packet.size() > kMaxStandardXmpBytes) return Overflowed(user, map_size);
  return PrimaryXmp{std::move(packet), std::move(user.extension), {}};
}

}  // namespace

PrimaryXmp PrimaryXmpOf(const JpegStream& base, ExifPolicy policy,
                        std::optional<std::uint32_t> map_size) {
  Warnings warnings;
  Expected<PrimaryXmp> xmp = Announced(KeptUserXmp(base, policy, warnings), map_size);
  if (!xmp) {
    warnings.push_back(Formatted("the XMP packet was left out: {}", xmp.error().message));
    xmp = Announced({}, map_size);
  }
  PrimaryXmp result = xmp ? std::move(*xmp) : PrimaryXmp{};
  result.warnings = std::move(warnings);
  return result;
}

}  // namespace hdrp
