// The table of pictures' sources that `evaluate --manifest` reads.
#include "evaluate/manifest.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  (void)hdrp::ReadManifest({data, size});
  return 0;
}
