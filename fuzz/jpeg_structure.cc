// The marker walk: ranges and segments of whatever it accepts lie inside the file.
#include "metadata/jpeg_structure.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const hdrp::ByteView file(data, size);
  const auto stream = hdrp::WalkJpeg(file, 0);
  if (!stream) return 0;
  if (stream->end > size || stream->tables_begin >= stream->end) std::abort();
  for (const auto& segment : stream->segments) {
    if (segment.position + segment.size > stream->end) std::abort();
  }
  for (const auto range : stream->picture) {
    if (range.data() < data || range.data() + range.size() > data + stream->end) std::abort();
  }
  (void)hdrp::JoinIcc(*stream);
  return 0;
}
