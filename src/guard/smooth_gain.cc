#include "guard/smooth_gain.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "gainmap/guided_filter.h"

namespace hdrp {

Log2Gain SmoothAlongLuma(Log2Gain gain, PlaneView<const float> coded_luma) {
  const PlaneView<const float> stops = std::as_const(gain.stops).view();
  const double long_side = std::max(stops.width, stops.height);
  const GuidedFilterOptions options{
      std::max(2, static_cast<int>(std::lround(long_side * kSmoothingRadiusShare))),
      kSmoothingEpsilon};
  Log2Gain smooth{AlongGuide(FitGuideLines(stops, coded_luma, options), coded_luma)};
  float low = stops.At(0, 0);
  float high = low;
  for (int y = 0; y < stops.height; ++y) {
    const auto [row_low, row_high] = std::ranges::minmax(stops.RowSpan(y));
    low = std::min(low, row_low);
    high = std::max(high, row_high);
  }
  for (int y = 0; y < stops.height; ++y) {
    for (float& sample : smooth.stops.view().RowSpan(y)) sample = std::clamp(sample, low, high);
  }
  return smooth;
}

}  // namespace hdrp
