#include "predict/bright.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "gainmap/mean_gain.h"

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

}  // namespace

Log2Gain BrightGain(PlaneView<const float> filtered_luma, const BrightStyle& style) {
  const GainTable table(style);
  Log2Gain gain{Plane<float>(filtered_luma.width, filtered_luma.height)};
  for (int y = 0; y < filtered_luma.height; ++y) {
    std::ranges::transform(filtered_luma.RowSpan(y), gain.stops.Row(y), table);
  }
  return LimitMeanGain(std::move(gain), style.max_mean_stops);
}

}  // namespace hdrp
