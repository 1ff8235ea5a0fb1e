// In the program: loads libhdrp_models.so at the first model.
#include <dlfcn.h>

#include "base/silenced_stderr.h"
#include "base/version.h"
#include "module/model_module.h"

namespace hdrp {
namespace {

constexpr std::string_view kWhere = "models";

/// The program's run path names its own folder, so the plain name finds the module there.
[[nodiscard]] Expected<const ModelModule*> Load() {
  const SilencedStderr silence;  // Debian's ONNX Runtime reports on itself while it is loaded
  void* library = dlopen(kModelModuleFile, RTLD_NOW | RTLD_LOCAL);
  const void* module = library == nullptr ? nullptr : dlsym(library, kModelModuleName);
  if (module == nullptr) {
    const char* reason = dlerror();
    return Fail(ErrorCode::kModelFailed, kWhere, "models need {} beside the program: {}",
                kModelModuleFile, reason == nullptr ? "it is of another kind" : reason);
  }
  const auto* found = static_cast<const ModelModule*>(module);
  if (found->version != kVersion) {
    return Fail(ErrorCode::kModelFailed, kWhere, "expected {} of version {}, found version {}",
                kModelModuleFile, kVersion, found->version);
  }
  return found;
}

}  // namespace

Expected<GainModel> OpenGainModel(ByteView file, const Parallelism& parallelism) {
  static const Expected<const ModelModule*> module = Load();
  if (!module) return std::unexpected(module.error());
  return (*module)->open(file, parallelism);
}

}  // namespace hdrp
