// Where the gain map lies in a file: the search over everything that may point to it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/limits.h"
#include "decode/map_numbers.h"
#include "decode/stream_metadata.h"
#include "metadata/jpeg_structure.h"

namespace hdrp {

/// How the map was found, in the order of the search.
enum class MapLocator : std::uint8_t { kMpf, kDirectoryFromEoi, kDirectoryFromEnd, kNextStream };

struct GainMapStream {
  JpegStream stream;
  StreamMetadata announcements;
  MapLocator locator = MapLocator::kMpf;
  MetadataSource source = MetadataSource::kIso;
  /// After defaults; for Apple maps the *converted* numbers (0, log2 h, 1, offsets 0).
  GainMapMetadata metadata;
  double apple_headroom_linear = 0;  ///< > 0 only when source is kApple
};

struct MapSearch {
  std::optional<GainMapStream> map;
  /// Dangling pointers and what is odd about the map; without a map why each candidate failed.
  std::vector<std::string> problems;
  std::size_t known_end = 0;  ///< one past the last stream that was met
};

/// The primary as the search needs it.
struct PrimaryStream {
  const JpegStream& stream;
  const StreamMetadata& announcements;
  AppleMakerNote apple;
};

/// The first of these streams that has gain-map metadata of its own: every MPF entry but the first;
/// the directory's GainMap counted from the primary's EOI, then from the file's end; every JPEG
/// behind the primary (previews and motion photos may come before the map). At most 64 places are
/// looked at.
[[nodiscard]] MapSearch FindMap(ByteView file, const PrimaryStream& primary, const Limits& limits);

}  // namespace hdrp
