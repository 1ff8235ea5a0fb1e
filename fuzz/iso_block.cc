// ISO 21496-1 blocks: what is accepted without a deviation is written back as it was.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "metadata/iso21496.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const hdrp::ByteView payload(data, size);
  const auto block = hdrp::ReadIsoBlock(payload);
  if (!block || !block->deviations.empty()) return 0;
  const hdrp::Bytes written = hdrp::WriteIsoBlock(block->metadata);
  const auto again = hdrp::ReadIsoBlock(written);
  if (!again || !again->deviations.empty()) std::abort();
  // Three equal channels are written as one.
  if (written.size() == size &&
      !std::ranges::equal(written.begin() + 4, written.end(), payload.begin() + 4, payload.end())) {
    std::abort();
  }
  return 0;
}
