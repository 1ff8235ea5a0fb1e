// What an edit made of the reference's codes, as far as one curve says it.
#pragma once

#include <array>
#include <cstdint>

#include "base/plane.h"

namespace hdrp {

/// For each code of the reference the edit's median there, made to rise: the edit's tone curve. Of
/// one raster.
[[nodiscard]] std::array<float, 256> ToneCurve(PlaneView<const std::uint8_t> edit,
                                               PlaneView<const std::uint8_t> reference);

}  // namespace hdrp
