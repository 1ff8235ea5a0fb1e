// An answer while the body is still arriving. libmicrohttpd cannot queue one then, and closing the
// socket at once would make many clients lose it; so it is written past the library, and what the
// client still sends is read for a while (http_server.cc).
#pragma once

#include <string>

#include "service/http/http.h"

namespace hdrp {

/// The whole answer as it goes over the wire, which ends the connection.
[[nodiscard]] std::string RawAnswer(const HttpResponse& response, std::string_view reason,
                                    std::string_view request_id);

}  // namespace hdrp
