// Gain maps of HEIF files.
#include "decode/gain_map_picture.h"

namespace hdrp {

Expected<GainMapPicture> OpenHeifGainMap(ByteView file, const PictureOptions& options) {
  Expected<PictureRows> picture = OpenHeif(file, options);
  if (!picture) return std::unexpected(std::move(picture.error()));
  GainMapPicture result;
  result.base = std::move(picture->info);
  return result;
}

}  // namespace hdrp
