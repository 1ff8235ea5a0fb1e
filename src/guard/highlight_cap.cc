#include "guard/highlight_cap.h"

#include <cmath>

#include "guard/clamp.h"

namespace hdrp {

Log2Gain CapHighlights(Log2Gain gain) {
  constexpr float kRoom = kMaxGainStops - kHighlightKneeStops;
  for (int y = 0; y < gain.stops.height(); ++y) {
    for (float& sample : gain.stops.view().RowSpan(y)) {
      const float above = sample - kHighlightKneeStops;
      if (above > 0) sample = kHighlightKneeStops - kRoom * std::expm1(-above / kRoom);
    }
  }
  return gain;
}

}  // namespace hdrp
