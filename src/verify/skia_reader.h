// How Skia, and with it Chrome and Android 15, looks for a gain map in a JPEG. Kept beside, not
// inside, our own search: it gives up where ours goes on.
// Source: the decoder's source code and the measured variants of docs/formats.md.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"
#include "decode/gain_map_jpeg.h"
#include "gainmap/metadata.h"

namespace hdrp {

enum class SkiaRoute : std::uint8_t { kIso, kXmp, kApple };

struct SkiaView {
  /// nullopt: the base is shown as SDR.
  std::optional<SkiaRoute> route;
  bool through_mpf = false;  ///< or through GContainer
  GainMapMetadata metadata;  ///< as Skia reads it (not for kApple)
  std::string why;           ///< without a route, or with numbers that cannot work: the reason
};

[[nodiscard]] SkiaView SkiaViewOf(ByteView file, const GainMapJpeg& parsed);

/// The hdrgm claim of a primary that readers of XMP want: Version "1.0" in the first standard
/// packet or in Extended XMP, declared where they look for it.
[[nodiscard]] bool ClaimsHdrgm(const StreamMetadata& stream);

}  // namespace hdrp
