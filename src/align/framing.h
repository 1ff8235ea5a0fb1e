// Are edit and reference the same picture at the same framing, and how do their rasters relate?
// (Crops and rotations other than EXIF's are a `mismatch` here.)
#pragma once

#include <cstdint>

#include "base/error.h"
#include "base/orientation.h"
#include "base/plane.h"

namespace hdrp {

struct Raster {
  int width = 0;   ///< stored pixels
  int height = 0;
  Orientation orientation = Orientation::kTopLeft;
};

/// mismatch, saying both sizes and orientations, unless the displayed aspect ratios agree within
/// 1 % (plus the rounding of one pixel a side).
[[nodiscard]] Expected<void> CheckAspect(const Raster& edit, const Raster& reference);

/// Agreement of local luma structure in 0..1, invariant to tone and colour edits: both pictures are
/// brought to one small displayed raster, and signs and sizes of local contrast are correlated
/// robustly. Inputs are coded luma at about 1/8 scale, in stored rasters.
[[nodiscard]] double StructureAgreement(PlaneView<const std::uint8_t> edit, Orientation edit_orientation,
                                        PlaneView<const std::uint8_t> reference,
                                        Orientation reference_orientation);

/// Below this the answer is `mismatch`. How it was chosen: docs/formulas.md.
inline constexpr double kMinStructureAgreement = 0.35;

}  // namespace hdrp
