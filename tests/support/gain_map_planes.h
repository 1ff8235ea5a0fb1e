// A gain-map file's samples as planes.
#pragma once

#include <cstdint>
#include <utility>

#include "decode/gain_map_file.h"

namespace hdrp::test {

inline Expected<Plane<std::uint8_t>> MapCodesOf(GainMapFile& file) {
  return file.read_map().transform([](MapCodes read) { return std::move(read.codes); });
}

inline Expected<Plane<std::uint8_t>> SmallLumaOf(GainMapFile& file) {
  return file.read_small_luma(128).transform([](SmallLuma luma) { return std::move(luma.codes); });
}

}  // namespace hdrp::test
