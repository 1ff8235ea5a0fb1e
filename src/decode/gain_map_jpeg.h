// Reads the container of any gain-map JPEG: where the base and the map lie, and what the metadata
// say. No pixel is decoded. Search order and tolerances: docs/formats.md.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/aspect.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "decode/find_map.h"
#include "decode/map_numbers.h"
#include "decode/stream_metadata.h"
#include "metadata/exif.h"
#include "metadata/jpeg_structure.h"

namespace hdrp {

/// What the file holds, readable or not.
struct GainMapJpeg {
  JpegStream primary;
  StreamMetadata announcements;
  ExifFacts exif;
  std::optional<GainMapStream> map;
  /// What of the primary announces a gain map ("hdrgm:Version="1.0" in the primary's XMP", ...).
  std::vector<std::string> claims;
  std::vector<std::string> problems;  ///< what is wrong or unusual, one sentence each
  std::size_t trailing_bytes = 0;     ///< after the last JPEG stream that was met
};

/// Parses the container. Fails (bad_input, too_large) only when the primary itself cannot be
/// walked; a missing or broken map is reported in `problems` with map = nullopt.
[[nodiscard]] Expected<GainMapJpeg> ReadGainMapJpeg(ByteView file, const Limits& limits);

/// The map of a reference: `map`, or the error this file deserves. no_gain_map, saying what was
/// claimed and what is missing; unsupported for HDR-base files, for metadata that break the reading
/// rules, for maps other than 8 bit with 1 or 3 components and for an aspect more than 1 % from the
/// base's; bad_input for a map that is cut off.
[[nodiscard]] Expected<const GainMapStream*> RequireGainMap(const GainMapJpeg& file);

/// |map aspect / base aspect - 1|; 0 where rounding the map's sides to whole pixels explains it.
[[nodiscard]] double AspectDifference(RasterSize base, RasterSize map);
[[nodiscard]] double AspectDifference(const JpegFrame& base, const JpegFrame& map);

}  // namespace hdrp
