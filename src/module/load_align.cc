// In the program: loads libhdrp_aligner.so at the first edit of another framing.
#include <cstdint>

#include "module/align_module.h"
#include "module/load_module.h"

namespace hdrp {

Expected<Registration> Register(const LumaView& edit, const LumaView& reference) {
  static const Expected<const AlignModule*> module = LoadModule<AlignModule>(
      kAlignModuleFile, kAlignModuleName,
      {ErrorCode::kUnsupported, "alignment", "edits of another framing need"});
  if (!module) return std::unexpected(module.error());
  return (*module)->find(edit, reference);
}

}  // namespace hdrp
