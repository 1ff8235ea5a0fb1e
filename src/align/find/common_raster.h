// Two small pictures in one raster.
#pragma once

#include "align/luma_view.h"
#include "base/aspect.h"

namespace hdrp {

/// The picture in the raster of another, place by place: averaged by area where it is the finer
/// one, else bilinear.
[[nodiscard]] Plane<std::uint8_t> OnRasterOf(const LumaView& target, const LumaView& luma);

/// Both in the raster of the coarser: the same place of both is the same pixel.
class CommonRaster {
 public:
  CommonRaster(const LumaView& edit, const LumaView& reference);
  [[nodiscard]] const LumaView& edit() const { return edit_; }
  [[nodiscard]] const LumaView& reference() const { return reference_; }

 private:
  Plane<std::uint8_t> made_;
  LumaView edit_, reference_;
};

}  // namespace hdrp
