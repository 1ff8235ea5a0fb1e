// In the program: loads libhdrp_aligner.so at the first edit of another framing.
#include <cstdint>

#include "module/aligner_module.h"
#include "module/load_module.h"

namespace hdrp {

Expected<Registration> Register(const LumaView& edit, const LumaView& reference) {
  static const Expected<const AlignModule*> loaded = LoadModule<AlignModule>(
      kAlignModuleFile, kAlignModuleName,
      {ErrorCode::kUnsupported, "alignment", "edits of another framing need"});
  HDRP_ASSIGN_OR_RETURN(const AlignModule* module, loaded);
  return module->find(edit, reference);
}

}  // namespace hdrp
