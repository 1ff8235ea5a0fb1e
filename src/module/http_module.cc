// The only thing that libhdrp_http.so shows.
#include "module/http_module.h"

#include "base/version.h"

extern "C" {
[[gnu::visibility("default")]] extern const hdrp::HttpModule hdrp_http_module;
const hdrp::HttpModule hdrp_http_module = {hdrp::kVersion, &hdrp::ServeHttp};
}
