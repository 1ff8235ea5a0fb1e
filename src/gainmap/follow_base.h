// Gains of two pictures that were brought together, and coincide to a fraction of a pixel only.
#pragma once

#include <cstdint>

#include "gainmap/fine_gain.h"

namespace hdrp {

/// At an edge a tenth of a pixel, or another sharpness, makes a bright and a dark fringe in the
/// gain. There is no such edge in the base, so the gain is made to follow the base's: a guided
/// filter along `root_luminance` (255 times the square root of the base's luminance, the gain's
/// raster) where that has structure. Where it has none (a clipped sky) the gain keeps the detail
/// that only the other picture has.
///
/// In place, in bands of rows. The counted gains (FineGain's histogram) become those of the gain
/// that is left.
void FollowBase(FineGain& gain, PlaneView<const std::uint8_t> root_luminance);

}  // namespace hdrp
