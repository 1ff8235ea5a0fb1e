// The soft threshold of the guards.
#pragma once

#include <algorithm>

namespace hdrp {

/// 0 up to `low`, 1 from `high` on, between them the cubic t^2 (3 - 2 t): no kink at either end.
[[nodiscard]] inline float SmoothRamp(float low, float high, float value) {
  const float t = std::clamp((value - low) / (high - low), 0.0F, 1.0F);
  return t * t * (3 - 2 * t);
}

}  // namespace hdrp
