#include <algorithm>
#include <span>

#include "predict/curve_grid.h"
#include "predict/curve_grid_statistics.h"

namespace hdrp {
namespace {

using Shape = CurveGridShape;

/// What lies around an output's place, times its weights, added to `sums`. The number of outputs is
/// known to the compiler, so that the sums stay in registers.
template <std::size_t kOut>
void AddTap(const float* in, const Layer& layer, int tap, float* sums) {
  const float* weights = layer.weights.data() + static_cast<std::size_t>(tap * layer.in) * kOut;
  for (int i = 0; i < layer.in; ++i, weights += kOut) {
    const float value = in[i];
    for (std::size_t o = 0; o < kOut; ++o) sums[o] += weights[o] * value;
  }
}

/// 3 x 3, zeros around. `place`: added to the bias everywhere, or empty.
template <std::size_t kOut>
[[nodiscard]] Plane<float> Convolved(const Plane<float>& in, const Layer& layer, int stride,
                                     std::span<const float> place) {
  Plane<float> out((in.width() + stride - 1) / stride, (in.height() + stride - 1) / stride,
                   static_cast<int>(kOut));
  std::array<float, kOut> start{};
  for (std::size_t o = 0; o < kOut; ++o) start[o] = layer.bias[o] + (place.empty() ? 0 : place[o]);
  for (int y = 0; y < out.height(); ++y) {
    for (int x = 0; x < out.width(); ++x) {
      std::array<float, kOut> sums = start;
      for (int tap = 0; tap < 9; ++tap) {
        const int from_y = stride * y + tap / 3 - 1, from_x = stride * x + tap % 3 - 1;
        if (from_y < 0 || from_y >= in.height() || from_x < 0 || from_x >= in.width()) continue;
        AddTap<kOut>(in.Row(from_y) + from_x * in.channels(), layer, tap, sums.data());
      }
      float* to = out.Row(y) + x * out.channels();
      for (std::size_t o = 0; o < kOut; ++o) to[o] = std::max(sums[o], 0.0F);
    }
  }
  return out;
}

[[nodiscard]] Plane<float> Convolved(const Plane<float>& in, const Layer& layer, int stride) {
  return layer.out == 16 ? Convolved<16>(in, layer, stride, {})
                         : Convolved<32>(in, layer, stride, {});
}

[[nodiscard]] std::vector<float> Dense(std::span<const float> in, const Layer& layer) {
  std::vector<float> out = layer.bias;
  const float* weights = layer.weights.data();
  for (const float value : in) {
    for (float& sum : out) sum += *weights++ * value;
  }
  return out;
}

[[nodiscard]] std::vector<float> Rectified(std::vector<float> values) {
  for (float& v : values) v = std::max(v, 0.0F);
  return values;
}

/// Statistics, then each feature's mean, then its maximum.
[[nodiscard]] std::vector<float> WholeOf(std::span<const float> statistics,
                                         const Plane<float>& features) {
  std::vector<double> sums(Shape::kFeatures);
  std::vector<float> most(Shape::kFeatures);  // features are not negative
  for (int y = 0; y < features.height(); ++y) {
    for (int x = 0; x < features.width(); ++x) {
      for (std::size_t c = 0; c < sums.size(); ++c) {
        const float value = features.view().At(x, y, static_cast<int>(c));
        sums[c] += static_cast<double>(value);
        most[c] = std::max(most[c], value);
      }
    }
  }
  std::vector<float> whole(statistics.begin(), statistics.end());
  for (const double sum : sums) {
    whole.push_back(static_cast<float>(sum / (features.width() * features.height())));
  }
  whole.insert(whole.end(), most.begin(), most.end());
  return whole;
}

/// One member's answer, times `share`, added to what the others said.
void Add(const CurveGridMember& member, const Plane<float>& thumbnail,
         std::span<const float> statistics, float share, PredictedCurve& sum) {
  Plane<float> features = thumbnail.Clone();
  for (std::size_t i = 0; i < kEncoder.size(); ++i) {
    features = Convolved(features, member.encoder[i], kEncoder[i].stride);
  }
  const std::vector<float> whole = WholeOf(statistics, features);
  const float level = Dense(Rectified(Dense(whole, member.level_in)), member.level_out).front();
  const std::vector<float> shape =
      Dense(Rectified(Dense(whole, member.shape_in)), member.shape_out);
  sum.level += share * level;
  for (std::size_t k = 0; k < sum.curve.size(); ++k) sum.curve[k] += share * (level + shape[k]);
  const Plane<float> hidden =
      Convolved<Shape::kFeatures>(features, member.grid_in, 1, Dense(whole, member.grid_whole));
  for (int y = 0; y < Shape::kCells; ++y) {
    for (int x = 0; x < Shape::kCells; ++x) {
      const float* in = hidden.Row(y) + x * hidden.channels();
      std::array<float, Shape::kBins> bins{};
      std::ranges::copy(member.grid_out.bias, bins.begin());
      AddTap<Shape::kBins>(in, member.grid_out, 0, bins.data());
      float* to = sum.grid.Row(y) + x * Shape::kBins;
      for (std::size_t b = 0; b < bins.size(); ++b) to[b] += share * bins[b];
    }
  }
}

/// The whole frame's part of the gain.
void Lift(const CurveGridLift& lift, std::span<const float> statistics, const Plane<float>& picture,
          PredictedCurve& predicted) {
  constexpr float kMostStops = 1.2F;  // no phone lifts a whole frame by more
  const float wanted =
      std::clamp(Dense(Rectified(Dense(statistics, lift.in)), lift.out).front(), 0.0F, kMostStops);
  const float by = lift.share * (wanted - MeanGainOf(predicted, picture.view())) - lift.margin;
  predicted.level += by;
  for (float& knot : predicted.curve) knot += by;
}

}  // namespace

PredictedCurve LookAt(PlaneView<const std::uint8_t> coded, const CurveGrid& network) {
  const Plane<float> thumbnail = ThumbnailOf(coded);
  const Plane<float> halved = Halved(thumbnail);
  std::array<float, Shape::kStatistics> statistics = StatisticsOf(halved);
  for (std::size_t i = 0; i < statistics.size(); ++i) {
    statistics[i] = (statistics[i] - network.usual[i]) / network.spread[i];
  }
  PredictedCurve sum;
  sum.grid = Plane<float>(Shape::kCells, Shape::kCells, Shape::kBins);
  const float share = 1 / static_cast<float>(network.members.size());
  for (const CurveGridMember& member : network.members) {
    Add(member, thumbnail, statistics, share, sum);
  }
  Lift(network.lift, statistics, halved, sum);
  return sum;
}

}  // namespace hdrp
