// Linear light under the tone curve of an edit, as codes that can be compared with the edit's.
#pragma once

#include <cstdint>

#include "align/framing_map.h"
#include "base/plane.h"

namespace hdrp {

/// The luminance (displayed, of any scale and range; what is not a number is black) under the curve
/// that gives its codes the edit's distribution: for pictures of which it is not known yet how they
/// lie. A large even area in one of the two alone (a margin, an overlay) flattens what is as
/// frequent in the other.
[[nodiscard]] Plane<std::uint8_t> TonedAs(PlaneView<const std::uint8_t> edit,
                                          PlaneView<const float> luminance);

/// The same under the rising curve through the median of the edit's codes at each luminance, where
/// the two coincide (`to_reference`: the edit's normalised displayed coordinates to the light's).
[[nodiscard]] Plane<std::uint8_t> TonedByPairs(PlaneView<const std::uint8_t> edit,
                                               PlaneView<const float> luminance,
                                               const FramingMap& to_reference);

}  // namespace hdrp
