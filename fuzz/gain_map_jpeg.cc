// The container parser over any bytes; a map that it accepts is also decoded.
#include "decode/gain_map_jpeg.h"

#include <cstdint>
#include <cstdlib>

#include "obtain/extract.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const hdrp::ByteView file(data, size);
  const hdrp::Limits limits{.max_pixels = 4'000'000, .max_metadata_bytes = 1 << 20};
  const auto parsed = hdrp::ReadGainMapJpeg(file, limits);
  if (!parsed) return 0;
  const auto map = hdrp::RequireGainMap(*parsed);
  if (map && (*map)->stream.end > size) std::abort();
  if (map) (void)hdrp::ExtractGainMap(file, **map, hdrp::AppleTransfer::kGamma22, limits);
  return 0;
}
