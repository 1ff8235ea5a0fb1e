#include "gainmap/mean_gain.h"

namespace hdrp {

Log2Gain LimitMeanGain(Log2Gain gain, double max_mean_stops) {
  const PlaneView<float> stops = gain.stops.view();
  double sum = 0;
  for (int y = 0; y < stops.height; ++y) {
    for (const float sample : stops.RowSpan(y)) sum += static_cast<double>(sample);
  }
  const double mean = sum / stops.width / stops.height / stops.channels;
  if (mean <= max_mean_stops) return gain;

  // One factor for all: relations within the picture stay, and there is no threshold to see.
  const auto factor = static_cast<float>(max_mean_stops / mean);
  for (int y = 0; y < stops.height; ++y) {
    for (float& sample : stops.RowSpan(y)) sample *= factor;
  }
  return gain;
}

}  // namespace hdrp
