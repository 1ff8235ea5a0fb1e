// What a file is, by its first bytes; names and extensions are never trusted.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace hdrp {

enum class FileFormat : std::uint8_t {
  kUnknown,
  kJpeg,
  kPng,
  kTiff,
  kOpenExr,
  kRadiance,
  kPfm,
  kWebp,
  kHeif,
  kAvif,
  kJxl,
  kGif,
  kBmp
};

[[nodiscard]] FileFormat Sniff(ByteView file);
/// "JPEG", "PNG", ... ; "unknown data" for kUnknown.
[[nodiscard]] std::string_view NameOf(FileFormat format);

}  // namespace hdrp
