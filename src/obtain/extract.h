// Reference Mode with a gain-map file: its map, as stored and as pixels.
#pragma once

#include "base/bytes.h"
#include "base/limits.h"
#include "decode/gain_map_jpeg.h"
#include "decode/gain_map_picture.h"
#include "gainmap/gain.h"
#include "metadata/apple.h"

namespace hdrp {

/// The gain map of a reference with ISO meaning. One component with numbers per channel comes as
/// three equal channels. An Apple legacy map's codes are converted by the exact table; every other
/// map's codes are as stored, in whichever primaries its gains are (NeedsAlternatePrimaries).
/// bad_input for a map that libjpeg decodes only with warnings: its gains cannot be trusted.
[[nodiscard]] Expected<EncodedGainMap> ExtractGainMap(ByteView file, const GainMapStream& map,
                                                      AppleTransfer transfer, const Limits& limits);

/// The same of a HEIC or AVIF file, in the raster of the base's rows. Precondition: it has a map.
[[nodiscard]] Expected<EncodedGainMap> ExtractGainMap(GainMapPicture& picture,
                                                      AppleTransfer transfer);

}  // namespace hdrp
