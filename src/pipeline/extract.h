// Takes a gain-map file apart: base, gain map, numbers.
#pragma once

#include "pipeline/request.h"

namespace hdrp {

struct Extracted {
  Bytes base_jpeg;  ///< the primary image without any gain-map claim
  Bytes map_jpeg;   ///< the map's stream as stored; empty unless the file is a JPEG
  Bytes map_png;    ///< its samples (Apple: as stored, before conversion)
  std::string metadata_json;
};

/// no_gain_map, unsupported, bad_input as for a reference.
[[nodiscard]] Expected<Extracted> Extract(const InputFile& file, const Limits& limits);

/// The map's samples alone, as PNG, without a look at the base. The same errors.
[[nodiscard]] Expected<Bytes> ExtractMapPng(const InputFile& file, const Limits& limits);

}  // namespace hdrp
