// Pictures of any bytes, small enough to stay quick, read to the end in bands.
#include <cstdint>

#include "read_bands.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const hdrp::Limits limits{.max_pixels = 1'000'000};
  hdrp::ReadBands(hdrp::OpenPfm, hdrp::ByteView(data, size), limits, 7);
  return 0;
}
