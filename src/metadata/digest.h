// Message digests, by nettle: SHA-256 names inputs in meta.json, MD5 is what Extended XMP asks for.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace hdrp {

[[nodiscard]] std::array<std::uint8_t, 32> Sha256(ByteView bytes);
[[nodiscard]] std::string Sha256Hex(ByteView bytes);  ///< 64 lower-case digits
[[nodiscard]] std::string Md5Hex(ByteView bytes);     ///< 32 upper-case digits

}  // namespace hdrp
