// What a file is, by its first bytes; names and extensions are never trusted.
#pragma once

#include "base/bytes.h"
#include "base/file_format.h"

namespace hdrp {

[[nodiscard]] FileFormat Sniff(ByteView file);

}  // namespace hdrp
