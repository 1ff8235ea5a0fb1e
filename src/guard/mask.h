// A user's mask (white = edited): there the reference's gain is feathered out to neutral gain.
#pragma once

#include <cstdint>

#include "base/orientation.h"
#include "base/plane.h"
#include "gainmap/gain.h"

namespace hdrp {

struct MaskOptions {
  double feather_fraction = 0.01;  ///< radius as a share of the long side
};

/// gain * (1 - m) with m the mask (displayed raster, any size of the same aspect within 1 %)
/// brought into the gain's stored raster and feathered: never below the mask, falling to 0 over the
/// radius outside it. mismatch when the aspect differs.
[[nodiscard]] Expected<Log2Gain> FeatherOut(const Log2Gain& gain,
                                            PlaneView<const std::uint8_t> mask,
                                            Orientation base_orientation,
                                            const MaskOptions& options);

/// `metadata` with its range extended to hold 0 stops in every channel where it does not.
[[nodiscard]] GainMapMetadata HoldingZero(const GainMapMetadata& metadata);

}  // namespace hdrp
