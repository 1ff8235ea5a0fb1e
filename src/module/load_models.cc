// In the program: loads libhdrp_models.so at the first model.
#include "base/silenced_stderr.h"
#include "module/load_module.h"
#include "module/models_module.h"

namespace hdrp {
namespace {

[[nodiscard]] Expected<const ModelModule*> Load() {
  const SilencedStderr silence;  // Debian's ONNX Runtime reports on itself while it is loaded
  return LoadModule<ModelModule>(kModelModuleFile, kModelModuleName,
                                 {ErrorCode::kModelFailed, "models", "models need"});
}

}  // namespace

Expected<GainModel> OpenGainModel(ByteView file, const Parallelism& parallelism) {
  static const Expected<const ModelModule*> loaded = Load();
  HDRP_ASSIGN_OR_RETURN(const ModelModule* module, loaded);
  return module->open(file, parallelism);
}

}  // namespace hdrp
