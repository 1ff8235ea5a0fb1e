// Masks of edited regions (white = edited), feathered for a gain map.
#pragma once

#include <cstdint>

#include "base/aspect.h"
#include "base/error.h"
#include "base/orientation.h"
#include "base/plane.h"
#include "gainmap/gain.h"

namespace hdrp {

struct MaskOptions {
  double feather_fraction = 0.01;  ///< radius as a share of the long side
};

/// The mask (displayed raster, any size of the same aspect within 1 %) as 0..1 in a map's stored
/// raster, feathered: never below the mask, falling to 0 over the radius outside it. mismatch when
/// the aspect differs.
[[nodiscard]] Expected<Plane<float>> FeatheredMask(PlaneView<const std::uint8_t> mask,
                                                   RasterSize map, Orientation base_orientation,
                                                   const MaskOptions& options);

/// `metadata` with its range extended to hold 0 stops in every channel where it does not.
[[nodiscard]] GainMapMetadata HoldingZero(const GainMapMetadata& metadata);

}  // namespace hdrp
