#include "align/compared.h"

#include <algorithm>

#include "align/luma_codes.h"
#include "align/warp_gain.h"
#include "gainmap/gain.h"

namespace hdrp {

ComparedLumas CompareAt(PlaneView<const std::uint8_t> edit, PlaneView<const std::uint8_t> reference,
                        const Homography& to_reference) {
  const Placement placement{{edit.width, edit.height, Orientation::kTopLeft},
                            {reference.width, reference.height, Orientation::kTopLeft},
                            to_reference};
  const RasterSize finest = WarpedMapSize(placement, reference.width);
  const double scale = std::min(
      {1.0, static_cast<double>(ComparedLumas::kLongSide) / std::max(edit.width, edit.height),
       static_cast<double>(finest.width) / edit.width});
  const RasterSize size = Scaled({edit.width, edit.height}, scale);
  const Plane<float> of_edit = Floats(edit);
  const Plane<float> of_reference = Floats(reference);
  ComparedLumas result{Codes(Resized(of_edit.view(), size.width, size.height).view()),
                       Codes(Warped(of_reference.view(), placement, size).view()),
                       OutsideReference(to_reference, size)};
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      if (result.outside.Row(y)[x] != 0) result.reference.Row(y)[x] = result.edit.Row(y)[x];
    }
  }
  return result;
}

}  // namespace hdrp
