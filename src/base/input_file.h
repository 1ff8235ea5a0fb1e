// A file as handed in.
#pragma once

#include <string>

#include "base/bytes.h"

namespace hdrp {

/// The name is for messages and reports only; the type is read from the bytes.
struct InputFile {
  std::string name;
  Bytes bytes;
};

}  // namespace hdrp
