// Apart from package/picture_file.cc, which the program replaces.
#include <cstdint>

#include "package/picture_file.h"

namespace hdrp {

// The lowest that keep the bounds of tests/unit/package_picture_quality_test.cc with a margin; the
// measurements: docs/formats.md.
int DefaultBaseQuality(FileFormat format) { return format == FileFormat::kHeif ? 76 : 97; }

int DefaultMapQuality(FileFormat format) { return format == FileFormat::kHeif ? 70 : 90; }

int DefaultAvifSpeed(int width, int height) {
  const std::int64_t pixels = std::int64_t{width} * height;
  if (pixels <= 8'000'000) return 6;
  return pixels <= 14'000'000 ? 7 : 9;
}

}  // namespace hdrp
