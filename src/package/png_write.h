// 8-bit PNG through libpng (extracted gain maps, masks, debug pictures); deterministic.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/error.h"
#include "base/plane.h"

namespace hdrp {

/// 1 or 3 channels, no gamma or ICC chunks: the samples are codes.
[[nodiscard]] Expected<Bytes> EncodePng(PlaneView<const std::uint8_t> pixels);

}  // namespace hdrp
