// What a predicted gain may be at all: a number, no darkening, no more than displays and cameras
// know.
#pragma once

#include "base/error.h"
#include "gainmap/gain.h"

namespace hdrp {

/// The largest gain of the phone photographs that predictors were measured on was 3.53 stops.
inline constexpr float kMaxGainStops = 3.5F;

/// model_failed where a sample is NaN or infinite: a predictor that fails so has nothing to blend.
[[nodiscard]] Expected<void> RequireFinite(PlaneView<const float> stops);

/// Every sample within 0..kMaxGainStops. `gain` is finite.
[[nodiscard]] Log2Gain ClampGain(Log2Gain gain);

}  // namespace hdrp
