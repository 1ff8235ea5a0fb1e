// The page's files, which are part of the program.
#pragma once

#include <span>
#include <string_view>

#include "base/bytes.h"

namespace hdrp {

struct Asset {
  std::string_view path;        ///< "/", "/docs", "/app-HASH.js"
  std::string_view media_type;  ///< "text/html; charset=utf-8"
  std::string_view caching;     ///< of Cache-Control
  ByteView content;
};

/// Those of web/build; none where the page was not built. The build makes the definition.
[[nodiscard]] std::span<const Asset> PageAssets();

}  // namespace hdrp
