// In the program: loads libhdrp_http.so when a service is started.
#include <dlfcn.h>

#include <utility>

#include "base/version.h"
#include "module/http_module.h"

namespace hdrp {
namespace {

constexpr std::string_view kWhere = "service";

/// The program's run path names its own folder, so the plain name finds the module there.
[[nodiscard]] Expected<const HttpModule*> Load() {
  void* library = dlopen(kHttpModuleFile, RTLD_NOW | RTLD_LOCAL);
  const void* module = library == nullptr ? nullptr : dlsym(library, kHttpModuleName);
  if (module == nullptr) {
    const char* reason = dlerror();
    return Fail(ErrorCode::kIoFailed, kWhere, "a service needs {} beside the program: {}",
                kHttpModuleFile, reason == nullptr ? "it is of another kind" : reason);
  }
  const auto* found = static_cast<const HttpModule*>(module);
  if (found->version != kVersion) {
    return Fail(ErrorCode::kIoFailed, kWhere, "expected {} of version {}, found version {}",
                kHttpModuleFile, kVersion, found->version);
  }
  return found;
}

}  // namespace

Expected<void> ServeHttp(HttpOptions options, HttpHandlers handlers, Reactor& reactor) {
  const Expected<const HttpModule*> module = Load();
  if (!module) return std::unexpected(module.error());
  return (*module)->serve(std::move(options), std::move(handlers), reactor);
}

}  // namespace hdrp
