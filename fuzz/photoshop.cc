// Photoshop resources of any bytes: what was filtered is filtered.
#include <cstdlib>

#include "metadata/exif.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr auto kPolicy = hdrp::ExifPolicy::kAllow;
  const hdrp::Bytes kept = hdrp::FilterPhotoshop({data, size}, kPolicy).bytes;
  if (!kept.empty() && hdrp::FilterPhotoshop(kept, kPolicy).bytes != kept) std::abort();
  return 0;
}
