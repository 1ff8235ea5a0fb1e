#include "base/formatted.h"

namespace hdrp {

std::string FormattedArguments(std::string_view format, std::format_args args) {
  return std::vformat(format, args);
}

}  // namespace hdrp
