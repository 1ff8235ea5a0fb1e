// Gains of one space's channels as gains of another's.
#pragma once

#include "base/rows.h"
#include "decode/gain_map_file.h"
#include "edit/edit_jpeg.h"
#include "obtain/map_in_progress.h"

namespace hdrp {

/// A coloured map whose gains live in other primaries than the edit's, by its own word or because
/// the reference's base has others: its gains in the edit's primaries, by the reference's pixels.
/// Every other map as it is. How the new samples are coded is chosen unless a `quality` is given.
[[nodiscard]] Expected<MapInProgress> MoveGains(MapInProgress map, GainMapFile& reference,
                                                const EditJpeg& edit, std::optional<int> quality,
                                                const Resources& resources);

}  // namespace hdrp
