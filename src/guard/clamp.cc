#include "guard/clamp.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace hdrp {

Expected<void> RequireFinite(PlaneView<const float> stops) {
  constexpr float kLargest = std::numeric_limits<float>::max();
  for (int y = 0; y < stops.height; ++y) {
    const auto row = stops.RowSpan(y);
    int bad = 0;  // counted rather than searched, so that the loop is one for vector registers
    for (const float sample : row) bad += std::abs(sample) <= kLargest ? 0 : 1;
    if (bad != 0) {
      return Fail(ErrorCode::kModelFailed, "predicted gain",
                  "expected finite gains, found {} that are not in row {}", bad, y);
    }
  }
  return {};
}

Log2Gain ClampGain(Log2Gain gain) {
  for (int y = 0; y < gain.stops.height(); ++y) {
    for (float& sample : gain.stops.view().RowSpan(y)) {
      sample = std::clamp(sample, 0.0F, kMaxGainStops);
    }
  }
  return gain;
}

}  // namespace hdrp
