// Where a rendition says nothing: outside an OpenEXR file's data window, and in whatever else a
// renderer left as NaN.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/plane.h"

namespace hdrp {

/// Counts NaN pixels in the cells of SmallLuminance's raster while the rows pass by.
class UnknownPlaces {
 public:
  UnknownPlaces(int width, int height);
  void Add(PlaneView<const float> rgb);  ///< the next rows
  /// 255 in cells that are NaN for at least half, else 0; empty where there is no such cell. After
  /// all rows.
  [[nodiscard]] Plane<std::uint8_t> Take();

 private:
  void FinishRow();

  int width_, height_, factor_;
  int rows_added_ = 0;
  bool found_ = false;
  std::vector<std::uint32_t> counts_;  ///< NaN pixels of the row of cells in progress
  Plane<std::uint8_t> mask_;
};

/// A rectangle of cells.
struct CellBox {
  int left = 0, top = 0, right = 0, bottom = 0;  ///< right and bottom are one past
};
/// Around the cells of a mask that are 0; nullopt where there are none.
[[nodiscard]] std::optional<CellBox> KnownBox(PlaneView<const std::uint8_t> mask);
[[nodiscard]] PlaneView<const std::uint8_t> Cropped(PlaneView<const std::uint8_t> plane,
                                                    const CellBox& box);

}  // namespace hdrp
