#include "align/changes/fitted_gain.h"

#include <algorithm>

#include "align/changes/box.h"
#include "align/changes/spread.h"

namespace hdrp {
namespace {

constexpr int kNearby = 12;  // the long side over this is the reach of one of the averages
constexpr float kWholePicture = 1e-3F;   // weight of the whole picture's average, for far away
constexpr float kLeastVariance = 0.01F;  // square stops, below which a slope means nothing

/// Averages with weights that fall smoothly (three boxes).
[[nodiscard]] Plane<float> Smooth(const Plane<float>& plane, int reach) {
  return BoxMean(BoxMean(BoxMean(plane, reach), reach), reach);
}

/// Means of what is known, nearby.
class Nearby {
 public:
  explicit Nearby(const Plane<float>& known)
      : known_(known),
        reach_(std::max(1, std::max(known.width(), known.height()) / kNearby)),
        weights_(Smooth(known, reach_)) {}

  template <typename Value>
  [[nodiscard]] Plane<float> Mean(const Value& value) const {
    Plane<float> values(known_.width(), known_.height());
    double sum = 0, count = 0;
    for (int y = 0; y < known_.height(); ++y) {
      for (int x = 0; x < known_.width(); ++x) {
        if (known_.Row(y)[x] == 0) continue;
        values.Row(y)[x] = value(x, y);
        sum += static_cast<double>(values.Row(y)[x]);
        count += 1;
      }
    }
    const auto whole = static_cast<float>(count > 0 ? sum / count : 0);
    Plane<float> means = Smooth(values, reach_);
    for (int y = 0; y < known_.height(); ++y) {
      for (int x = 0; x < known_.width(); ++x) {
        float& mean = means.Row(y)[x];
        mean = (mean + kWholePicture * whole) / (weights_.Row(y)[x] + kWholePicture);
      }
    }
    return means;
  }

 private:
  const Plane<float>& known_;
  int reach_;
  Plane<float> weights_;
};

/// One channel of the result.
[[nodiscard]] Plane<float> FittedChannel(const Plane<float>& gain, const Plane<float>& predicted,
                                         const Plane<float>& known) {
  const int width = known.width(), height = known.height();
  const auto g = [&](int x, int y) { return gain.Row(y)[x]; };
  const auto p = [&](int x, int y) { return predicted.Row(y)[x]; };
  const Nearby nearby(known);
  const Plane<float> mean_g = nearby.Mean(g);
  const Plane<float> mean_p = nearby.Mean(p);
  const Plane<float> mean_pp = nearby.Mean([&](int x, int y) { return p(x, y) * p(x, y); });
  const Plane<float> mean_pg = nearby.Mean([&](int x, int y) { return p(x, y) * g(x, y); });

  Plane<float> fitted(width, height), off(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const float of_p = mean_p.Row(y)[x], of_g = mean_g.Row(y)[x];
      const float variance = std::max(0.0F, mean_pp.Row(y)[x] - of_p * of_p);
      const float covariance = mean_pg.Row(y)[x] - of_p * of_g;
      const float slope = std::clamp(covariance / (variance + kLeastVariance), 0.0F, 1.0F);
      fitted.Row(y)[x] = of_g + slope * (p(x, y) - of_p);
      off.Row(y)[x] = g(x, y) - fitted.Row(y)[x];
    }
  }
  const Plane<float> moved = Spread(off.view(), known.view());
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) fitted.Row(y)[x] += moved.Row(y)[x];
  }
  return fitted;
}

}  // namespace

Plane<float> FittedTo(const Plane<float>& gain, const Plane<float>& predicted,
                      const Plane<float>& mask) {
  const int width = mask.width(), height = mask.height(), channels = gain.channels();
  Plane<float> known(width, height);
  for (int y = 0; y < height; ++y) {
    std::ranges::transform(mask.view().RowSpan(y), known.Row(y),
                           [](float m) { return m > 0 ? 0.0F : 1.0F; });
  }
  Plane<float> result(width, height, channels);
  for (int c = 0; c < channels; ++c) {
    Plane<float> channel(width, height);
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) channel.Row(y)[x] = gain.Row(y)[x * channels + c];
    }
    const Plane<float> fitted = FittedChannel(channel, predicted, known);
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) result.Row(y)[x * channels + c] = fitted.Row(y)[x];
    }
  }
  return result;
}

}  // namespace hdrp
