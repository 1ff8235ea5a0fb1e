// What the queue reads of an upload: in the service's own process, before any worker sees it.
#include "service/queue/picture_pixels.h"

#include <sys/mman.h>

#include <cstdint>
#include <cstdlib>

#include "base/bytes.h"
#include "service/worker/unnamed_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  hdrp::FormFile file{"img", hdrp::Fd(memfd_create("fuzz", MFD_CLOEXEC)), size};
  if (!hdrp::WriteAt(file.content.get(), 0, {data, size}, "fuzz")) return 0;
  if (hdrp::GuessPixels(file) > 1ULL << 40) std::abort();
  return 0;
}
