// In the program: loads libhdrp_http.so when a service is started.
#include <utility>

#include "module/http_module.h"
#include "module/load_module.h"

namespace hdrp {

Expected<void> ServeHttp(HttpOptions options, HttpHandlers handlers, Reactor& reactor) {
  const Expected<const HttpModule*> module = LoadModule<HttpModule>(
      kHttpModuleFile, kHttpModuleName, {ErrorCode::kIoFailed, "service", "a service needs"});
  if (!module) return std::unexpected(module.error());
  return (*module)->serve(std::move(options), std::move(handlers), reactor);
}

}  // namespace hdrp
