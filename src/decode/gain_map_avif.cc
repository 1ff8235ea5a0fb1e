// Gain maps of AVIF files.
#include "decode/gain_map_picture.h"

namespace hdrp {

Expected<GainMapPicture> OpenAvifGainMap(ByteView file, const PictureOptions& options) {
  Expected<PictureRows> picture = OpenAvif(file, options);
  if (!picture) return std::unexpected(std::move(picture.error()));
  GainMapPicture result;
  result.base = std::move(picture->info);
  return result;
}

}  // namespace hdrp
