// What a file holds, who will show it as HDR, and why others will not.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/input_file.h"
#include "gainmap/metadata.h"
#include "verify/readers.h"
#include "verify/verify.h"

namespace hdrp {

struct InspectedMap {
  int width = 0, height = 0, components = 0;
  bool neutral = true;
};

/// A picture that is HDR by itself.
struct InspectedRendition {
  std::string_view transfer;  ///< "pq", "hlg", "linear"; of others, whose profile says it, "icc"
  int bits = 0;
};

struct Inspection {
  std::string_view format;
  int width = 0, height = 0;
  int orientation = 1;
  std::string icc;
  std::optional<InspectedMap> gain_map;
  std::optional<InspectedRendition> hdr_rendition;
  std::string_view source;  ///< of `metadata`: iso, xmp, apple
  std::optional<GainMapMetadata> metadata;
  std::vector<std::string> claims;
  std::vector<std::string> problems;
  std::vector<ReaderVerdict> readers;
  Verification verification;
  /// Why process would refuse the file as a reference; nullopt where it would take it.
  std::optional<Error> refusal;
};

/// Parses and checks; a file without a usable gain map is a result, not an error. bad_input,
/// too_large or unsupported where not even the primary image can be read.
[[nodiscard]] Expected<Inspection> Inspect(const InputFile& file, const Limits& limits,
                                           const StopCondition& stop);

/// The verdicts alone, of a file that may hold a gain map: its container is read, no pixel of it.
/// bad_input, too_large; unsupported for files of other kinds.
[[nodiscard]] Expected<std::vector<ReaderVerdict>> ReadersOf(const InputFile& file,
                                                             const Limits& limits);

}  // namespace hdrp
