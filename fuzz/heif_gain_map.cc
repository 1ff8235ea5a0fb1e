// A gain map in HEIF: any bytes.
#include <cstdint>

#include "read_gain_map.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  hdrp::ReadGainMap(hdrp::OpenHeifGainMap, {data, size});
  return 0;
}
