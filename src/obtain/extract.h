// Reference Mode with a gain-map file: its map as codes that mean what ISO 21496-1 says.
#pragma once

#include "base/bytes.h"
#include "base/limits.h"
#include "decode/gain_map_file.h"
#include "gainmap/gain.h"
#include "metadata/apple.h"

namespace hdrp {

/// The gain map of a reference with ISO meaning. One component with numbers per channel comes as
/// three equal channels. An Apple legacy map's codes are converted by the exact table; every other
/// map's codes are as stored, in whichever primaries its gains are (NeedsAlternatePrimaries), in
/// the raster of the base's rows. bad_input for a map that libjpeg decodes only with warnings: its
/// gains cannot be trusted. Precondition: the file has a map.
[[nodiscard]] Expected<EncodedGainMap> ExtractGainMap(GainMapFile& file, AppleTransfer transfer);

/// The same of a map's stream alone.
[[nodiscard]] Expected<EncodedGainMap> ExtractGainMap(ByteView file, const GainMapStream& map,
                                                      AppleTransfer transfer, const Limits& limits);

/// Apple's codes as the converted numbers mean them, by the exact table, in place; other sources'
/// stay.
void GiveIsoMeaning(Plane<std::uint8_t>& codes, const GainMapInfo& map, AppleTransfer transfer);

}  // namespace hdrp
