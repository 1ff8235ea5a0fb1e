// What XMP packets say about gain maps, and our own two packets.
// Namespaces are resolved, never guessed from prefixes; attribute, element, rdf:Resource, rdf:Seq
// and rdf:Bag forms are read alike.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "gainmap/metadata.h"

namespace hdrp {

inline constexpr std::string_view kXmpNamespace{"http://ns.adobe.com/xap/1.0/\0", 29};
inline constexpr std::string_view kExtendedXmpNamespace{"http://ns.adobe.com/xmp/extension/\0", 35};
inline constexpr std::string_view kHdrgmUri = "http://ns.adobe.com/hdr-gain-map/1.0/";
inline constexpr std::string_view kContainerUri = "http://ns.google.com/photos/1.0/container/";
inline constexpr std::string_view kItemUri = "http://ns.google.com/photos/1.0/container/item/";
inline constexpr std::string_view kCameraUri = "http://ns.google.com/photos/1.0/camera/";
inline constexpr std::string_view kXmpUri = "http://ns.adobe.com/xap/1.0/";
inline constexpr std::string_view kAppleUri = "http://ns.apple.com/HDRGainMap/1.0/";
/// What ImageIO writes beside ISO 21496-1: the same numbers by the standard's names.
inline constexpr std::string_view kAppleToneMapUri = "http://ns.apple.com/HDRToneMap/1.0/";

/// One rdf:li of a GContainer directory.
struct DirectoryItem {
  std::string semantic;
  std::string mime;
  std::optional<std::uint64_t> length;   ///< bytes
  std::optional<std::uint64_t> padding;  ///< bytes
};

/// hdrgm values beyond Version. Absent fields are nullopt; defaults are applied by MetadataFrom.
struct HdrgmValues {
  using PerChannel = std::optional<std::vector<std::string>>;  ///< texts, 1 or 3 of them
  PerChannel gain_map_min, gain_map_max, gamma, offset_sdr, offset_hdr;
  std::optional<std::string> capacity_min, capacity_max, base_rendition_is_hdr;
  /// The headrooms by ISO 21496-1's names, in Adobe's namespace: what Apple's software makes of
  /// capacity_min and capacity_max where it saves the file again. No other reader knows them.
  std::optional<std::string> base_headroom, alternate_headroom;
};

/// As readers see them that know the specification's names alone.
[[nodiscard]] HdrgmValues WithoutApplesNames(HdrgmValues values);

struct XmpFacts {
  std::optional<std::string> hdrgm_version;
  std::optional<HdrgmValues> hdrgm;        ///< set when any value beyond Version stands
  bool hdrgm_outside_description = false;  ///< declared on x:xmpmeta only: readers fail
  std::optional<std::vector<DirectoryItem>> directory;
  std::optional<std::uint32_t> apple_version;
  std::optional<double> apple_headroom_linear;
  bool motion_photo = false;                     ///< GCamera MotionPhoto or MicroVideo
  std::optional<std::string> extended_xmp_guid;  ///< xmpNote:HasExtendedXMP
  std::optional<std::string> creator_tool;       ///< xmp:CreatorTool
};

/// Reads one packet (without the APP1 namespace). bad_input when it is not well-formed XML, nests
/// deeper than 64 elements or exceeds 16 MiB.
[[nodiscard]] Expected<XmpFacts> ReadXmp(std::string_view packet);

/// The numbers of hdrgm attributes after the specification's defaults (min 0, gamma 1, offsets
/// 1/64, capacity min 0). Fractions hold the decimal texts exactly where they fit. Apple's names of
/// the headrooms count where the specification's are absent. `True` (or 1) for BaseRenditionIsHDR
/// makes the higher headroom the base's. bad_input, naming the attribute, when a required one
/// (GainMapMax, HDRCapacityMax) is missing or a text is no finite number.
[[nodiscard]] Expected<GainMapMetadata> MetadataFromHdrgm(const HdrgmValues& values);

/// A fraction as plain decimal text of exactly 16 characters ("2.99001200000000"), so that a page
/// can patch numbers in place.
[[nodiscard]] std::string FixedWidthDecimal(const Fraction& value);

/// The map stream's packet: hdrgm:Version and all values; per-channel values as rdf:Seq.
[[nodiscard]] std::string WriteMapXmp(const GainMapMetadata& metadata);

/// The primary's packet: `user_packet` (may be empty) without any stale claim (hdrgm, GContainer,
/// GCamera motion photo, HDRGainMap), plus hdrgm:Version and the directory with the map's length.
/// The result has one rdf:RDF, namespaces on the rdf:Description, and the xpacket wrapper. A user
/// packet that is not well-formed is bad_input (the caller drops it with a warning).
[[nodiscard]] Expected<std::string> WritePrimaryXmp(std::string_view user_packet,
                                                    std::uint32_t map_size);

/// `xmp` as a standard packet: in the xpacket wrapper, unless it has one. (PNG, HEIF and others may
/// leave it out, JPEG's readers look for it.)
[[nodiscard]] std::string InXmpPacket(std::string_view xmp);

/// `user_packet` without stale claims and nothing added: for the SDR preview. Empty when nothing is
/// left.
[[nodiscard]] Expected<std::string> WithoutGainMapClaims(std::string_view user_packet);

}  // namespace hdrp
