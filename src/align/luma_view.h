// Small luma rasters of pictures whose sides are no multiple of the scale.
#pragma once

#include <cstdint>

#include "align/homography.h"
#include "base/orientation.h"
#include "base/plane.h"

namespace hdrp {

/// Where a raster's picture lies in it: pixels, from the raster's outer corner. libjpeg makes 541
/// pixels of 4322 at 1/8, of which the picture fills 540.25.
struct Extent {
  double left = 0, top = 0, width = 0, height = 0;
  friend bool operator==(const Extent&, const Extent&) = default;
};

/// Of a picture that fills its raster.
[[nodiscard]] constexpr Extent WholeOf(int width, int height) {
  return {0, 0, static_cast<double>(width), static_cast<double>(height)};
}

/// Coded luma as displayed.
struct LumaView {
  PlaneView<const std::uint8_t> codes;
  Extent extent;
  /// The picture fills the raster.
  LumaView(PlaneView<const std::uint8_t> all)  // NOLINT(google-explicit-constructor)
      : codes(all), extent(WholeOf(all.width, all.height)) {}
  LumaView(PlaneView<std::uint8_t> all)  // NOLINT(google-explicit-constructor)
      : LumaView(PlaneView<const std::uint8_t>(all)) {}
  LumaView(PlaneView<const std::uint8_t> raster, const Extent& picture)
      : codes(raster), extent(picture) {}
};

/// Of the raster turned, which was `width` x `height`.
[[nodiscard]] constexpr Extent Oriented(const Extent& extent, int width, int height,
                                        Orientation orientation) {
  const Point a = Displayed({extent.left / width, extent.top / height}, orientation);
  const Point b = Displayed(
      {(extent.left + extent.width) / width, (extent.top + extent.height) / height}, orientation);
  const bool swaps = SwapsSides(orientation);
  const int across = swaps ? height : width, down = swaps ? width : height;
  const auto low = [](double p, double q) { return p < q ? p : q; };
  const auto span = [](double p, double q) { return p < q ? q - p : p - q; };
  return {low(a.x, b.x) * across, low(a.y, b.y) * down, span(a.x, b.x) * across,
          span(a.y, b.y) * down};
}

}  // namespace hdrp
