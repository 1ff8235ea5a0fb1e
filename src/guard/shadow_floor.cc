#include "guard/shadow_floor.h"

#include <cassert>

#include "guard/ramp.h"

namespace hdrp {

Log2Gain FloorShadows(Log2Gain gain, PlaneView<const float> coded_luma) {
  assert(gain.stops.width() == coded_luma.width && gain.stops.height() == coded_luma.height);
  for (int y = 0; y < coded_luma.height; ++y) {
    float* stops = gain.stops.Row(y);
    const float* luma = coded_luma.Row(y);
    for (int x = 0; x < coded_luma.width; ++x) {
      if (luma[x] >= kFullGainFromLuma || stops[x] <= 0) continue;
      stops[x] *= SmoothRamp(kNoGainBelowLuma, kFullGainFromLuma, luma[x]);
    }
  }
  return gain;
}

}  // namespace hdrp
