// Apart from package/picture_file.cc, which the program replaces.
#include "package/picture_file.h"

namespace hdrp {

// The lowest that keep the bounds of tests/unit/package_picture_quality_test.cc with a margin; the
// measurements: docs/formats.md.
int DefaultBaseQuality(FileFormat format) { return format == FileFormat::kHeif ? 76 : 97; }

int DefaultMapQuality(FileFormat format) { return format == FileFormat::kHeif ? 70 : 90; }

}  // namespace hdrp
