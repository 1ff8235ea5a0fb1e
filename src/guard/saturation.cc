#include "guard/saturation.h"

#include <algorithm>
#include <cassert>

#include "guard/ramp.h"

namespace hdrp {

Log2Gain LimitSaturation(Log2Gain gain, PlaneView<const std::uint8_t> base) {
  assert(gain.stops.width() == base.width && gain.stops.height() == base.height);
  if (base.channels < 3) return gain;
  for (int y = 0; y < base.height; ++y) {
    float* stops = gain.stops.Row(y);
    for (int x = 0; x < base.width; ++x) {
      const auto [low, high] = std::minmax({base.At(x, y, 0), base.At(x, y, 1), base.At(x, y, 2)});
      const float chroma = static_cast<float>(high - low) / 255;
      stops[x] *= 1 - kSaturationReduction * SmoothRamp(kSaturationBegins, kSaturationFull, chroma);
    }
  }
  return gain;
}

}  // namespace hdrp
