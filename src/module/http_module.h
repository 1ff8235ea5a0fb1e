// What libhdrp_http.so gives to the program: the sockets of the service, and with them
// libmicrohttpd and the TLS stack that it is linked with, which nothing else needs. Program and
// module are built together; the version keeps apart those that were not.
#pragma once

#include <string_view>

#include "service/http/http_server.h"

namespace hdrp {

struct HttpModule {
  std::string_view version;
  decltype(&ServeHttp) serve;
};
inline constexpr const char* kHttpModuleFile = "libhdrp_http.so";
inline constexpr const char* kHttpModuleName = "hdrp_http_module";

}  // namespace hdrp
