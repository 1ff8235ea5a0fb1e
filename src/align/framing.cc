#include "align/framing.h"

#include <string>
#include <utility>

#include "base/aspect.h"
#include "base/formatted.h"

namespace hdrp {
namespace {

[[nodiscard]] RasterSize DisplayedSize(const Raster& raster) {
  RasterSize size{raster.width, raster.height};
  if (SwapsSides(raster.orientation)) std::swap(size.width, size.height);
  return size;
}

[[nodiscard]] std::string Description(const Raster& raster) {
  const RasterSize displayed = DisplayedSize(raster);
  return Formatted("{} x {} (EXIF orientation {}, displayed {} x {})", raster.width, raster.height,
                   static_cast<int>(raster.orientation), displayed.width, displayed.height);
}

}  // namespace

Expected<void> CheckAspect(const Raster& edit, const Raster& reference) {
  if (SameAspect(DisplayedSize(edit), DisplayedSize(reference))) return {};
  return Fail(ErrorCode::kMismatch, "framing",
              "edit and reference have different aspect ratios: the edit is {}, the reference {}",
              Description(edit), Description(reference));
}

}  // namespace hdrp
