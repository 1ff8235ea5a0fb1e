// The only thing that libhdrp_aligner.so shows.
#include "module/aligner_module.h"

#include "base/version.h"

extern "C" {
[[gnu::visibility("default")]] extern const hdrp::AlignModule hdrp_align_module;
const hdrp::AlignModule hdrp_align_module = {hdrp::kVersion, &hdrp::Register};
}
