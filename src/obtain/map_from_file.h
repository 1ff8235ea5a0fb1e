// Reference Mode with a gain-map file: its map, as it will be put onto the edit.
#pragma once

#include "base/rows.h"
#include "decode/gain_map_file.h"
#include "metadata/apple.h"
#include "obtain/map_in_progress.h"

namespace hdrp {

/// The file's map: its own stream where that can stay, else its codes with ISO's meaning.
/// RequireGainMap's errors; unsupported for numbers that can be read but not written. `reference`
/// and its bytes must outlive the result.
[[nodiscard]] Expected<MapInProgress> MapFromFile(GainMapFile& reference, AppleTransfer transfer,
                                                  const Resources& resources);

}  // namespace hdrp
