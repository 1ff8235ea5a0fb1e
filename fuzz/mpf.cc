// The MPF reader over any bytes, with and without the namespace in front.
#include "metadata/mpf.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  (void)hdrp::ReadMpf({data, size});
  hdrp::Bytes payload(hdrp::kMpfNamespace.begin(), hdrp::kMpfNamespace.end());
  payload.insert(payload.end(), data, data + size);
  const auto index = hdrp::ReadMpf(payload);
  if (index && index->entries.size() > 64) std::abort();
  return 0;
}
