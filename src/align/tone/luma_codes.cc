#include "align/tone/luma_codes.h"

#include <algorithm>

namespace hdrp {

Plane<float> Floats(PlaneView<const std::uint8_t> codes) {
  Plane<float> result(codes.width, codes.height);
  for (int y = 0; y < codes.height; ++y) std::ranges::copy(codes.RowSpan(y), result.Row(y));
  return result;
}

Plane<std::uint8_t> Codes(PlaneView<const float> values) {
  Plane<std::uint8_t> result(values.width, values.height);
  for (int y = 0; y < values.height; ++y) {
    std::ranges::transform(values.RowSpan(y), result.Row(y), [](float value) {
      return static_cast<std::uint8_t>(std::clamp(value, 0.0F, 255.0F) + 0.5F);
    });
  }
  return result;
}

}  // namespace hdrp
