#include "base/error.h"

namespace hdrp {

std::string Formatted(std::string_view format, std::format_args args) {
  return std::vformat(format, args);
}

std::unexpected<Error> Within(std::string_view outer, Error error) {
  error.where = error.where.empty() ? std::string(outer) : std::string(outer) + ": " + error.where;
  return std::unexpected(std::move(error));
}

}  // namespace hdrp
