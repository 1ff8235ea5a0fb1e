// All rows of any bytes read as a WebP picture, small enough to stay quick.
#include <algorithm>

#include "decode/picture.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const hdrp::ByteView file(data, size);
  const hdrp::Limits limits{.max_pixels = 1'000'000, .max_metadata_bytes = 1U << 20};
  auto rows = hdrp::OpenWebp(file, {.limits = limits, .flatten = hdrp::Flatten::kWhite});
  if (!rows) return 0;
  const int height = rows->info.height;
  constexpr int kBand = 64;
  hdrp::Plane<float> band(rows->info.width, std::min(kBand, height), rows->info.channels);
  for (int y = 0; y < height; y += kBand) {
    hdrp::PlaneView<float> part = band.view();
    part.height = std::min(kBand, height - y);
    if (!rows->read(part)) break;
  }
  return 0;
}
