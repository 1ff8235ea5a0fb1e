// The only thing that libhdrp_aligner.so shows.
#include "base/version.h"
#include "module/align_module.h"

extern "C" {
[[gnu::visibility("default")]] extern const hdrp::AlignModule hdrp_align_module;
const hdrp::AlignModule hdrp_align_module = {hdrp::kVersion, &hdrp::Register};
}
