// Who will show a file as HDR, and why not: the rules of the public readers, as measured
// (docs/formats.md, "Who needs what").
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "decode/gain_map_jpeg.h"

namespace hdrp {

struct ReaderVerdict {
  std::string_view reader;  ///< chrome, android14, android15, apple, libavif, libultrahdr
  std::optional<bool> hdr;  ///< nullopt: unknown
  std::string why;
};

/// Always six verdicts, in that order.
[[nodiscard]] std::vector<ReaderVerdict> PredictReaders(ByteView file, const GainMapJpeg& parsed);

}  // namespace hdrp
