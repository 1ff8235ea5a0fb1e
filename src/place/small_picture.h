// Small lumas as displayed, as registration and comparison take them.
#pragma once

#include "align/luma_view.h"
#include "base/rows.h"
#include "decode/small_luma.h"
#include "edit/edit_jpeg.h"
#include "gainmap/gain.h"

namespace hdrp {

/// Coded luma, and where in its raster the picture lies.
struct SmallPicture {
  Plane<std::uint8_t> codes;
  Extent extent;
  [[nodiscard]] LumaView view() const { return {codes.view(), extent}; }
};

[[nodiscard]] inline SmallPicture AsDisplayed(const SmallLuma& stored, Orientation orientation) {
  const Extent extent{0, 0, stored.width, stored.height};
  return {Oriented(stored.view(), orientation),
          Oriented(extent, stored.codes.width(), stored.codes.height(), orientation)};
}

/// The edit's, at least `least_side` pixels on the long side if it has them.
[[nodiscard]] inline Expected<SmallPicture> SmallPictureOf(const EditJpeg& edit, int least_side,
                                                           const Resources& resources) {
  HDRP_ASSIGN_OR_RETURN(
      const SmallLuma luma,
      Within(edit.name(), ReadSmallLuma(edit.file->bytes, edit.parsed.primary, least_side,
                                        resources.limits, resources.stop())));
  return AsDisplayed(luma, edit.orientation());
}

}  // namespace hdrp
