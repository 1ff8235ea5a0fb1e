// HEIC and JPEG files with a gain map through macOS's own writer, ImageIO. It has never run on a
// Mac and does not count as done: see package/imageio.cc.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/error.h"
#include "package/picture_file.h"

namespace hdrp {

/// What ImageIO is asked to write (its AVIF writer is not used).
enum class ImageIoFormat : std::uint8_t { kHeic, kJpeg };

/// One file with the base and, as auxiliary images, the map under ISO 21496-1 and, where the map
/// has a headroom for it, under Apple's legacy metadata: the same codes twice. `threads` is
/// ImageIO's own affair. unsupported for what its interface cannot be told (a map of three
/// channels, raw EXIF, the map's quality, chroma sampling) and for numbers that break the writing
/// rules; export_failed where a call fails or the written file lacks a map.
[[nodiscard]] Expected<Bytes> WriteWithImageIo(ImageIoFormat format, const PictureBase& base,
                                               const PictureGainMap& map,
                                               const PictureFileOptions& options);

}  // namespace hdrp
