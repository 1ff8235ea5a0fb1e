// Files of weights. Their digest keeps nearly all mutations from getting past the header, as it
// should.
#include "predict/curve_grid.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  (void)hdrp::ReadCurveGrid({data, size});
  return 0;
}
