// What the fuzz targets of the picture readers share: all rows of any bytes, in bands.
#pragma once

#include <algorithm>

#include "decode/picture.h"

namespace hdrp {

using PictureOpener = Expected<PictureRows> (*)(ByteView, const PictureOptions&);

inline void ReadBands(PictureOpener open, ByteView file, const Limits& limits, int band_rows) {
  auto picture = open(file, {.limits = limits, .flatten = Flatten::kWhite});
  if (!picture) return;
  const int height = picture->info.height;
  Plane<float> band(picture->info.width, std::min(band_rows, height), picture->info.channels);
  for (int y = 0; y < height; y += band_rows) {
    PlaneView<float> rows = band.view();
    rows.height = std::min(band_rows, height - y);
    if (!picture->read(rows)) return;
  }
}

}  // namespace hdrp
