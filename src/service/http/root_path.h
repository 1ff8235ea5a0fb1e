// A service below a path of somebody else's host: https://example.org/hdr/.
#pragma once

#include <string_view>

#include "base/error.h"

namespace hdrp {

/// Empty, or "/hdr", "/tools/hdr": what can stand in links, headers and JSON as it is. bad_argument
/// for others.
[[nodiscard]] Expected<void> CheckRootPath(std::string_view root);

/// "/process" of "/hdr/process", and of "/process": some proxies take the prefix off, others do
/// not. Empty of "/hdr" itself, below which relative links would lead beside it.
[[nodiscard]] std::string_view BelowRoot(std::string_view path, std::string_view root);

}  // namespace hdrp
