// The one answer to pixels that are not opaque where nobody said what they should become.
#pragma once

#include <string_view>

#include "base/error.h"

namespace hdrp {

[[nodiscard]] inline std::unexpected<Error> NotOpaque(std::string_view where, int x, int y,
                                                      float alpha) {
  return Fail(ErrorCode::kUnsupported, where,
              "expected an opaque picture, found alpha {} at column {} of row {}; --flatten black "
              "or --flatten white says what it stands on",
              alpha, x, y);
}

}  // namespace hdrp
