// Are edit and reference the same picture at the same framing, and how do their rasters relate?
// (Crops and rotations other than EXIF's are a `mismatch` here.)
#pragma once

#include <cstdint>

#include "base/aspect.h"
#include "base/error.h"
#include "base/plane.h"

namespace hdrp {

/// mismatch, saying both sizes and orientations, unless the displayed aspect ratios agree within
/// 1 % (plus the rounding of one pixel a side).
[[nodiscard]] Expected<void> CheckAspect(const Raster& edit, const Raster& reference);

/// How far the local structure of luma agrees, -1..1 (1: the same picture), whatever was done to
/// tone and colour: two fifths of the textured places agree less, three fifths more. Pictures with
/// (next to) no texture cannot contradict each other and get 1. Inputs are coded luma in stored
/// rasters, at about 1/8 scale (128 pixels on the long side are looked at), of the same aspect.
[[nodiscard]] double StructureAgreement(PlaneView<const std::uint8_t> edit,
                                        Orientation edit_orientation,
                                        PlaneView<const std::uint8_t> reference,
                                        Orientation reference_orientation);

/// Below this the answer is `mismatch`. How it was chosen: docs/formulas.md.
inline constexpr double kMinStructureAgreement = 0.4;

}  // namespace hdrp
