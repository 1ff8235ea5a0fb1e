// Means, minima and maxima over square windows, as far as they lie inside.
#pragma once

#include <cstdint>

#include "base/plane.h"

namespace hdrp {

/// `reach`: pixels each way, at least 1.
[[nodiscard]] Plane<float> BoxMean(const Plane<float>& plane, int reach);
[[nodiscard]] Plane<std::uint8_t> BoxMin(const Plane<std::uint8_t>& plane, int reach);
[[nodiscard]] Plane<std::uint8_t> BoxMax(const Plane<std::uint8_t>& plane, int reach);

}  // namespace hdrp
