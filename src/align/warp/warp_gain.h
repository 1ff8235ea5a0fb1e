// A reference's samples in the raster of an edit that shows part of it, turned or scaled.
#pragma once

#include <optional>

#include "align/luma_view.h"
#include "align/placement.h"
#include "gainmap/gain.h"

namespace hdrp {

/// The size, of the edit's aspect, at which the edit's map holds about as much detail as the
/// reference's map of `map_width` pixels holds of the same part of the picture; no larger than the
/// edit, at least 1 x 1.
[[nodiscard]] RasterSize WarpedMapSize(const Placement& placement, int map_width);

/// Samples (of the reference's stored raster, any channels) at the centres of the edit's stored
/// raster of that size: bilinear; where it is coarser, of a reference averaged down to its scale.
/// Outside the reference its border goes on. `extent`: where in the samples' raster the reference
/// lies, where it does not fill it.
[[nodiscard]] Plane<float> Warped(PlaneView<const float> samples, const Placement& placement,
                                  RasterSize size,
                                  const std::optional<Extent>& extent = std::nullopt);

/// 255 where the edit, displayed at this size, lies outside the reference, else 0.
[[nodiscard]] Plane<std::uint8_t> OutsideReference(const FramingMap& to_reference, RasterSize size);

}  // namespace hdrp
