#include "obtain/bright.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace hdrp {
namespace {

constexpr int kWorkingLongSide = 256;
constexpr int kMinSide = 8;

}  // namespace

RasterSize BrightWorkingSize(RasterSize base) {
  const double scale =
      std::min(1.0, static_cast<double>(kWorkingLongSide) / std::max(base.width, base.height));
  const auto side = [scale](int pixels) {
    return std::max(kMinSide, static_cast<int>(std::lround(pixels * scale)));
  };
  return {side(base.width), side(base.height)};
}

double BrightGainStops(double b, const BrightStyle& style) {
  const double distance = (1 - b) / style.width;
  return std::log2(1 + (std::exp2(style.q_stops) - 1) * std::exp(-distance * distance));
}

Log2Gain BrightGain(PlaneView<const float> filtered_luma, int map_width, int map_height,
                    const BrightStyle& style) {
  constexpr int kSteps = 4096;
  std::vector<float> stops_of(kSteps + 2);
  for (std::size_t i = 0; i < stops_of.size(); ++i) {
    stops_of[i] = static_cast<float>(BrightGainStops(static_cast<double>(i) / kSteps, style));
  }

  Log2Gain gain{Resized(filtered_luma, map_width, map_height)};
  for (int y = 0; y < map_height; ++y) {
    for (float& sample : gain.stops.view().RowSpan(y)) {
      const float at = std::clamp(sample, 0.0F, 1.0F) * kSteps;
      const auto step = static_cast<std::size_t>(at);
      const float share = at - static_cast<float>(step);
      sample = stops_of[step] + share * (stops_of[step + 1] - stops_of[step]);
    }
  }
  return gain;
}

}  // namespace hdrp
