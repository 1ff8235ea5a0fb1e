#include "obtain/bright.h"

#include <algorithm>
#include <array>
#include <cmath>

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

namespace {

/// BrightGainStops by linear interpolation in a table.
class GainTable {
 public:
  explicit GainTable(const BrightStyle& style) {
    for (std::size_t i = 0; i < stops_.size(); ++i) {
      stops_[i] = static_cast<float>(BrightGainStops(static_cast<double>(i) / kSteps, style));
    }
  }
  [[nodiscard]] float operator()(float luma) const {
    const float at = std::clamp(luma, 0.0F, 1.0F) * kSteps;
    const auto step = static_cast<std::size_t>(at);
    const float share = at - static_cast<float>(step);
    return stops_[step] + share * (stops_[step + 1] - stops_[step]);
  }

 private:
  static constexpr int kSteps = 4096;
  std::array<float, kSteps + 2> stops_{};
};

[[nodiscard]] double MeanStops(PlaneView<const float> luma, const GainTable& table) {
  double sum = 0;
  for (int y = 0; y < luma.height; ++y) {
    for (const float sample : luma.RowSpan(y)) sum += static_cast<double>(table(sample));
  }
  return sum / luma.width / luma.height;
}

}  // namespace

Log2Gain BrightGain(PlaneView<const float> filtered_luma, int map_width, int map_height,
                    const BrightStyle& style) {
  const GainTable table(style);
  const double mean = MeanStops(filtered_luma, table);
  const auto scale =
      mean > style.max_mean_stops ? static_cast<float>(style.max_mean_stops / mean) : 1.0F;
  Log2Gain gain{Resized(filtered_luma, map_width, map_height)};
  for (int y = 0; y < map_height; ++y) {
    for (float& sample : gain.stops.view().RowSpan(y)) sample = scale * table(sample);
  }
  return gain;
}

}  // namespace hdrp
