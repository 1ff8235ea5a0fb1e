// The look into a model file that comes before ONNX Runtime's own: any bytes. (The runtime itself
// is not fuzzed here.)
#include "predict/onnx_walk.h"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static_cast<void>(hdrp::NamesOtherFiles({data, size}));
  return 0;
}
