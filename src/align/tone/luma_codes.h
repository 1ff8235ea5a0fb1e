// Coded luma as floats and back.
#pragma once

#include <cstdint>

#include "base/plane.h"

namespace hdrp {

[[nodiscard]] Plane<float> Floats(PlaneView<const std::uint8_t> codes);
/// Clamped to 0..255 and rounded to nearest.
[[nodiscard]] Plane<std::uint8_t> Codes(PlaneView<const float> values);

}  // namespace hdrp
