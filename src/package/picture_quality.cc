// Apart from package/picture_file.cc, which the program replaces.
#include <utility>

#include "package/picture_file.h"

namespace hdrp {

// The lowest that keep the bounds of tests/unit/package_picture_quality_test.cc with a margin; the
// measurements: docs/formats.md.
int DefaultBaseQuality(PictureFormat format) {
  switch (format) {
    case PictureFormat::kHeic:
      return 76;
    case PictureFormat::kAvif:
      return 97;
  }
  std::unreachable();
}

int DefaultMapQuality(PictureFormat format) {
  switch (format) {
    case PictureFormat::kHeic:
      return 70;
    case PictureFormat::kAvif:
      return 90;
  }
  std::unreachable();
}

}  // namespace hdrp
