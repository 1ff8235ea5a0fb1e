#include <algorithm>
#include <utility>

#include "gainmap/gain.h"

namespace hdrp {
namespace {

template <typename T>
[[nodiscard]] Plane<T> Turned(PlaneView<const T> image, Orientation orientation) {
  const OrientationSteps steps = StepsOf(orientation);
  const int width = steps.transpose ? image.height : image.width;
  const int height = steps.transpose ? image.width : image.height;
  Plane<T> result(width, height, image.channels);
  for (int y = 0; y < height; ++y) {
    if (steps == OrientationSteps{}) {  // as nearly every file is
      std::ranges::copy(image.RowSpan(y), result.Row(y));
      continue;
    }
    for (int x = 0; x < width; ++x) {
      // Undo the mirrors, then the transpose.
      int from_x = steps.flip_x ? width - 1 - x : x;
      int from_y = steps.flip_y ? height - 1 - y : y;
      if (steps.transpose) std::swap(from_x, from_y);
      for (int c = 0; c < image.channels; ++c) {
        result.view().At(x, y, c) = image.At(from_x, from_y, c);
      }
    }
  }
  return result;
}

}  // namespace

Plane<std::uint8_t> Oriented(PlaneView<const std::uint8_t> image, Orientation orientation) {
  return Turned(image, orientation);
}

Plane<float> Oriented(PlaneView<const float> image, Orientation orientation) {
  return Turned(image, orientation);
}

}  // namespace hdrp
