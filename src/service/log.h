// Log lines: one JSON object each, on standard error, with ids, sizes, codes and times. Never a
// file name, never content.
#pragma once

#include <string_view>

#include "base/error.h"
#include "service/http/http_server.h"

namespace hdrp {

void LogStart(std::string_view address, int workers);
void LogStop(std::string_view why);
void LogRequest(const HttpRecord& record, std::string_view route);

}  // namespace hdrp
