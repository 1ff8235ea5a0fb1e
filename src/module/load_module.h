// Loads a module that lies beside the program: the program's run path names its own folder, so the
// plain name finds it there. It stays loaded: what it made may live until the end.
#pragma once

#include <dlfcn.h>

#include "base/error.h"
#include "base/version.h"

namespace hdrp {

/// Where its error points and what it says: "WebP, HEIF, AVIF and JPEG XL need".
struct ModuleNeed {
  ErrorCode code;
  std::string_view where, sentence;
};

/// What `name` is in the library `file`: a Module of the program's version, or the need's error.
template <typename Module>
[[nodiscard]] Expected<const Module*> LoadModule(const char* file, const char* name,
                                                 const ModuleNeed& need) {
  void* library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
  const void* module = library == nullptr ? nullptr : dlsym(library, name);
  if (module == nullptr) {
    const char* reason = dlerror();
    return Fail(need.code, need.where, "{} {} beside the program: {}", need.sentence, file,
                reason == nullptr ? "it is of another kind" : reason);
  }
  const auto* found = static_cast<const Module*>(module);
  if (found->version != kVersion) {
    return Fail(need.code, need.where, "expected {} of version {}, found version {}", file,
                kVersion, found->version);
  }
  return found;
}

}  // namespace hdrp
