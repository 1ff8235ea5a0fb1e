// XMP of any bytes: what is left of it can be read again and is left again.
#include <cstdlib>

#include "metadata/exif.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr auto kPolicy = hdrp::ExifPolicy::kAllow;
  const hdrp::Bytes kept = hdrp::FilterXmp(hdrp::AsText({data, size}), kPolicy).bytes;
  if (!kept.empty() && hdrp::FilterXmp(hdrp::AsText(kept), kPolicy).bytes.empty()) std::abort();
  return 0;
}
