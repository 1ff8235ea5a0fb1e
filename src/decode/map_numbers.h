// Which of a map stream's metadata count: ISO 21496-1, else hdrgm XMP, else Apple's headroom.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "decode/stream_metadata.h"
#include "gainmap/metadata.h"
#include "metadata/apple.h"

namespace hdrp {

enum class MetadataSource : std::uint8_t { kIso, kXmp, kApple };
/// "iso", "xmp", "apple"
[[nodiscard]] std::string_view NameOf(MetadataSource source);

struct MapNumbers {
  std::optional<MetadataSource> source;  ///< nullopt: the stream has no usable gain-map metadata
  GainMapMetadata metadata;              ///< after defaults and Apple conversion
  double apple_headroom_linear = 0;      ///< > 0 only when source is kApple
  std::vector<std::string> problems;     ///< what was passed over and why, disagreements
};

/// An ISO block that cannot be read (or wants a newer reader) counts as absent. Apple's headroom
/// comes from the stream's XMP or, where that has only the version, from the primary's MakerNote.
[[nodiscard]] MapNumbers ReadMapNumbers(const StreamMetadata& stream, const AppleMakerNote& note);

}  // namespace hdrp
