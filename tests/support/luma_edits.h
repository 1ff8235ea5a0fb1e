// What photographers do to a picture, and what makes it another picture: changes of small luma
// rasters, for tests of the same-picture check.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/plane.h"

namespace hdrp::test {

struct LumaEdit {
  std::string name;
  std::function<Plane<std::uint8_t>(PlaneView<const std::uint8_t>)> apply;
};

/// Tone, noise, compression, retouching: still the same picture at the same framing.
[[nodiscard]] const std::vector<LumaEdit>& SamePictureEdits();

/// Crops from 10 % of the sides, shifts, mirrors, rotations by 180 degrees, the negative.
[[nodiscard]] const std::vector<LumaEdit>& OtherFramings();

/// `code(value, x, y)` for every pixel, rounded and clamped.
[[nodiscard]] Plane<std::uint8_t> MappedLuma(PlaneView<const std::uint8_t> luma,
                                             const std::function<double(double, int, int)>& code);

/// Coded luma of RGB.
[[nodiscard]] Plane<std::uint8_t> LumaOf(PlaneView<const std::uint8_t> rgb);

}  // namespace hdrp::test
