// All rows of any bytes read as a JPEG XL picture, small enough to stay quick.
#include <cstdint>

#include "read_bands.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const hdrp::Limits limits{.max_pixels = 1'000'000, .max_metadata_bytes = 1U << 20};
  hdrp::ReadBands(hdrp::OpenJxl, hdrp::ByteView(data, size), limits, 64);
  return 0;
}
