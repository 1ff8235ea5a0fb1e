// Takes a gain-map file apart: base, gain map, numbers.
#pragma once

#include "base/input_file.h"
#include "base/limits.h"
#include "metadata/apple.h"

namespace hdrp {

/// The numbers are those of the samples in `map_jpeg` and `map_png`: of Apple's legacy maps, whose
/// samples mean something else, these are the converted ones.
struct Extracted {
  Bytes base_jpeg;  ///< the primary image without any gain-map claim
  Bytes map_jpeg;   ///< the map's stream as stored, but see above; empty unless the file is a JPEG
  Bytes map_apple_jpeg;  ///< a legacy map's stream as stored; else empty
  Bytes map_png;         ///< its samples
  std::string metadata_json;
};

/// no_gain_map, unsupported, bad_input as for a reference.
[[nodiscard]] Expected<Extracted> Extract(const InputFile& file, const Limits& limits,
                                          AppleTransfer transfer = AppleTransfer::kGamma22);

/// The map's samples alone, as PNG, without a look at the base. The same errors.
[[nodiscard]] Expected<Bytes> ExtractMapPng(const InputFile& file, const Limits& limits,
                                            AppleTransfer transfer = AppleTransfer::kGamma22);

}  // namespace hdrp
