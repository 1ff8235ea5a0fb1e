// PNG pixels through libpng: masks (and later SDR bases).
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/plane.h"

namespace hdrp {

/// Any PNG as 8-bit grey (colour by Rec. 709 luma of the coded values, alpha composed on black,
/// 16 bit rounded to 8 first). Bytes behind the pixels are not looked at. bad_input for broken
/// files; too_large by the limits, an interlaced file (which is held whole, with 4 bytes per pixel)
/// from a quarter of them.
[[nodiscard]] Expected<Plane<std::uint8_t>> DecodePngGray(ByteView png, const Limits& limits);

}  // namespace hdrp
