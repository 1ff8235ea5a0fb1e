// An edit and its reference side by side: small, as displayed, in the edit's framing.
#pragma once

#include <cstdint>

#include "align/framing_map.h"
#include "align/luma_view.h"
#include "base/plane.h"

namespace hdrp {

/// Coded luma in one raster, the edit's aspect, at most kLongSide long. Where the edit reaches
/// beyond the reference, `outside` is 255 (else 0) and `reference` repeats the edit.
struct LumaPair {
  static constexpr int kLongSide = 512;
  Plane<std::uint8_t> edit, reference, outside;
};

/// From displayed rasters of any size. `to_reference`: normalised coordinates of the edit to the
/// reference's. The raster is no finer than either picture.
[[nodiscard]] LumaPair CompareAt(const LumaView& edit, const LumaView& reference,
                                 const FramingMap& to_reference);

/// Counts what `mask` covers (not 0; displayed, of any size) as beyond the reference.
void TakeOutside(LumaPair& compared, PlaneView<const std::uint8_t> mask);

}  // namespace hdrp
