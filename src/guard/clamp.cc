#include "guard/clamp.h"

#include <algorithm>
#include <cmath>

namespace hdrp {

Expected<void> RequireFinite(PlaneView<const float> stops) {
  for (int y = 0; y < stops.height; ++y) {
    const auto row = stops.RowSpan(y);
    const auto bad = std::ranges::find_if(row, [](float s) { return !std::isfinite(s); });
    if (bad != row.end()) {
      return Fail(ErrorCode::kModelFailed, "predicted gain",
                  "expected finite gains, found {} at column {}, row {}", *bad,
                  bad - row.begin(), y);
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
