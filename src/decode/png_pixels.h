// PNG pixels through libpng: masks (and later SDR bases).
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/plane.h"

namespace hdrp {

/// Any PNG as 8-bit grey (colour by Rec. 709 luma of the coded values, alpha composed on black,
/// 16 bit rounded). bad_input, too_large.
[[nodiscard]] Expected<Plane<std::uint8_t>> DecodePngGray(ByteView png, const Limits& limits);

}  // namespace hdrp
