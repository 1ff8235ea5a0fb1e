// What the fuzz targets of gain maps in HEIF and AVIF share: the map and the small luma of any
// bytes, small enough to stay quick.
#pragma once

#include <cstdlib>

#include "decode/gain_map_file.h"

namespace hdrp {

using GainMapOpener = Expected<GainMapFile> (*)(ByteView, const PictureOptions&);

inline void ReadGainMap(GainMapOpener open, ByteView bytes) {
  const PictureOptions options{.limits = {.max_pixels = 1'000'000, .max_metadata_bytes = 1U << 20}};
  auto file = open(bytes, options);
  if (!file) return;
  if (file->map) {
    const auto map = file->read_map();
    if (map &&
        (map->codes.width() != file->map->width || map->codes.height() != file->map->height ||
         map->codes.channels() != file->map->channels)) {
      std::abort();
    }
  }
  (void)RequireGainMap(*file);
  (void)file->read_small_luma(128);
}

}  // namespace hdrp
