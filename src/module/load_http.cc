// In the program: loads libhdrp_http.so when a service is started.
#include <utility>

#include "module/http_module.h"
#include "module/load_module.h"

namespace hdrp {

Expected<void> ServeHttp(HttpOptions options, HttpHandlers handlers, Reactor& reactor) {
  HDRP_ASSIGN_OR_RETURN(
      const HttpModule* module,
      LoadModule<HttpModule>(kHttpModuleFile, kHttpModuleName,
                             {ErrorCode::kIoFailed, "service", "a service needs"}));
  return module->serve(std::move(options), std::move(handlers), reactor);
}

}  // namespace hdrp
