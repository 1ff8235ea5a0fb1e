#include "base/error.h"

namespace hdrp {

std::unexpected<Error> Within(std::string_view outer, Error error) {
  error.where = error.where.empty() ? std::string(outer) : std::string(outer) + ": " + error.where;
  return std::unexpected(std::move(error));
}

}  // namespace hdrp
