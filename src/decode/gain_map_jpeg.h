// Reads the container of any gain-map JPEG: where the base and the map lie, and what the metadata
// say. No pixel is decoded. Search order and tolerances: docs/formats.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/limits.h"
#include "gainmap/metadata.h"
#include "metadata/exif.h"
#include "metadata/iso21496.h"
#include "metadata/jpeg_structure.h"
#include "metadata/mpf.h"
#include "metadata/xmp.h"

namespace hdrp {

enum class MetadataSource : std::uint8_t { kIso, kXmp, kApple };
/// "iso", "xmp", "apple"
[[nodiscard]] std::string_view NameOf(MetadataSource source);

/// How the map was found, in the order of the search.
enum class MapLocator : std::uint8_t { kMpf, kDirectoryFromEoi, kDirectoryFromEnd, kNextStream };

/// All gain-map announcements of one stream.
struct StreamMetadata {
  std::vector<XmpFacts> xmp;              ///< one per standard packet, Extended XMP last
  std::size_t standard_xmp_packets = 0;
  std::vector<ByteView> iso_payloads;     ///< after the namespace
  std::vector<Expected<MpfIndex>> mpf;
  std::vector<std::size_t> mpf_positions; ///< file position of each MPF segment's TIFF header
  std::vector<std::string> problems;      ///< packets that do not parse, Extended XMP incomplete ...
};

struct GainMapStream {
  JpegStream stream;
  StreamMetadata announcements;
  MapLocator locator = MapLocator::kMpf;
  MetadataSource source = MetadataSource::kIso;
  /// After defaults; for Apple maps the *converted* numbers (0, log2 h, 1, offsets 0).
  GainMapMetadata metadata;
  double apple_headroom_linear = 0;       ///< > 0 only when source is kApple
};

/// What the file holds, readable or not.
struct GainMapJpeg {
  JpegStream primary;
  StreamMetadata announcements;
  ExifFacts exif;
  std::optional<GainMapStream> map;
  std::vector<std::string> claims;    ///< what announces a gain map ("hdrgm:Version in XMP", ...)
  std::vector<std::string> problems;  ///< what is wrong or unusual, one sentence each
  std::size_t trailing_bytes = 0;     ///< after the last known stream
};

/// Parses the container. Fails (bad_input, too_large) only when the primary itself cannot be walked;
/// a missing or broken map is reported in `problems` with map = nullopt.
[[nodiscard]] Expected<GainMapJpeg> ReadGainMapJpeg(ByteView file, const Limits& limits);

/// The map of a reference: `map`, or the error this file deserves. no_gain_map, saying what was
/// claimed and what is missing; unsupported for HDR-base files and for metadata that break the
/// reading rules.
[[nodiscard]] Expected<const GainMapStream*> RequireGainMap(const GainMapJpeg& file);

}  // namespace hdrp
