// A reference's map in the raster of the edit.
#pragma once

#include "align/find/register.h"
#include "base/limits.h"
#include "edit/edit_jpeg.h"
#include "obtain/map_in_progress.h"

namespace hdrp {

/// In the same framing: turned into the edit's stored raster from the reference's orientation, and
/// resampled where it is larger than the edit or its aspect is off by more than 1 %.
[[nodiscard]] Expected<MapInProgress> FitToEdit(MapInProgress map, Orientation reference,
                                                const EditJpeg& edit, const Limits& limits);

/// The map of the part of the reference that the edit shows, in the edit's stored raster.
[[nodiscard]] Expected<MapInProgress> WarpToEdit(MapInProgress map, const Registration& alignment,
                                                 const Raster& reference, const EditJpeg& edit,
                                                 const Limits& limits);

}  // namespace hdrp
