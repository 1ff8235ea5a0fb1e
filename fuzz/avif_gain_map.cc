// A gain map in AVIF: any bytes.
#include <cstdint>

#include "read_gain_map.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  hdrp::ReadGainMap(hdrp::OpenAvifGainMap, {data, size});
  return 0;
}
