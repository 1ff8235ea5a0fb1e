#include "evaluate/metrics.h"

#include <algorithm>
#include <cmath>

#include "color/transfer.h"
#include "evaluate/mean.h"
#include "evaluate/perceptual.h"
#include "evaluate/target.h"

namespace hdrp {
namespace {

constexpr double kTopShare = 0.995;
constexpr double kLeastHighlightStops = 0.5;
constexpr double kFlatTargetStops = 0.05;
constexpr int kLeastFlatPixels = 50;
constexpr double kOverStops = 0.5;
/// Keeps a perfect prediction's PSNR finite.
constexpr double kLeastSquare = 1e-12;

/// Calls `body(P, G, x, y)` for every pixel, row by row.
template <typename Body>
void ForEachPixel(PlaneView<const float> predicted, PlaneView<const float> target, Body body) {
  for (int y = 0; y < target.height; ++y) {
    for (int x = 0; x < target.width; ++x) {
      body(static_cast<double>(predicted.At(x, y)), static_cast<double>(target.At(x, y)), x, y);
    }
  }
}

/// Light after a gain, with the offset that targets are defined with.
[[nodiscard]] double Lifted(double linear, double stops) {
  return std::max((linear + kTargetOffsetLinear) * std::exp2(stops) - kTargetOffsetLinear, 0.0);
}

[[nodiscard]] std::array<double, 3> ItpAt(const JudgedPicture& picture, int x, int y,
                                          double stops) {
  Xyz linear{};
  for (int c = 0; c < 3; ++c) {
    const auto base = static_cast<double>(picture.base_linear.At(x, y, c));
    linear[static_cast<std::size_t>(c)] = Lifted(base, stops);
  }
  Xyz nits = Multiplied(picture.rec2020_from_base, linear);
  for (double& channel : nits) channel *= kSdrWhiteNits;
  return ItpFromRec2020(nits);
}

void ScoreStops(PlaneView<const float> predicted, PlaneView<const float> target, Scores& scores) {
  const double highlight = std::max(kLeastHighlightStops, 0.6 * QuantileOf(target, 0.99));
  Mean error, highlight_error, recalled, false_brightening, over, p_mean, g_mean;
  ForEachPixel(predicted, target, [&](double p, double g, int, int) {
    error.Add(std::abs(p - g));
    over.Add(p > g + kOverStops ? 1 : 0);
    p_mean.Add(p);
    g_mean.Add(g);
    if (g > highlight) {
      highlight_error.Add(std::abs(p - g));
      recalled.Add(p > g / 2 ? 1 : 0);
    }
    if (g < kFlatTargetStops) false_brightening.Add(p);
  });
  double pp = 0, gg = 0, pg = 0;
  ForEachPixel(predicted, target, [&](double p, double g, int, int) {
    const double dp = p - p_mean.value();
    const double dg = g - g_mean.value();
    pp += dp * dp;
    gg += dg * dg;
    pg += dp * dg;
  });
  scores[Metric::kError] = error.value();
  scores[Metric::kHighlightError] = highlight_error.OverAtLeast(1);
  scores[Metric::kHighlightRecall] = recalled.OverAtLeast(1);
  scores[Metric::kFalseBrightening] = false_brightening.OverAtLeast(kLeastFlatPixels + 1);
  scores[Metric::kOver] = over.value();
  scores[Metric::kTopError] =
      std::abs(QuantileOf(predicted, kTopShare) - QuantileOf(target, kTopShare));
  // A constant plane's deviations are rounding alone.
  const double noise = 1e-12 * static_cast<double>(error.count);
  if (pp > noise && gg > noise) scores[Metric::kCorrelation] = pg / std::sqrt(pp * gg);
  scores[Metric::kMeanGain] = p_mean.value();
}

/// The shift that makes the mean of |P - G - shift| least is the median: the error falls into what
/// somebody errs who misjudges how far a picture is lifted, and what is wrong within it.
void ScoreLevelAndShape(PlaneView<const float> predicted, PlaneView<const float> target,
                        Scores& scores) {
  Plane<float> difference(target.width, target.height);
  ForEachPixel(predicted, target, [&](double p, double g, int x, int y) {
    difference.Row(y)[x] = static_cast<float>(p - g);
  });
  const double shift = QuantileOf(difference.view(), 0.5);
  Mean shape;
  ForEachPixel(predicted, target,
               [&](double p, double g, int, int) { shape.Add(std::abs(p - g - shift)); });
  scores[Metric::kLevelError] = std::abs(shift);
  scores[Metric::kShapeError] = shape.value();
}

void ScoreLight(PlaneView<const float> predicted, const JudgedPicture& picture, Scores& scores) {
  Mean pq, pu21, itp;
  ForEachPixel(predicted, picture.target_stops, [&](double p, double g, int x, int y) {
    double luminance = 0;
    for (int c = 0; c < 3; ++c) {
      luminance += kTargetLuminance[c] * static_cast<double>(picture.base_linear.At(x, y, c));
    }
    const double predicted_linear = Lifted(luminance, p);
    const double target_linear = Lifted(luminance, g);
    const double pq_step = PqFromLinear(target_linear) - PqFromLinear(predicted_linear);
    pq.Add(pq_step * pq_step);
    const double pu21_step = Pu21FromNits(kSdrWhiteNits * target_linear) -
                             Pu21FromNits(kSdrWhiteNits * predicted_linear);
    pu21.Add(pu21_step * pu21_step);
    itp.Add(DeltaEItp(ItpAt(picture, x, y, p), ItpAt(picture, x, y, g)));
  });
  scores[Metric::kPqPsnr] = -10 * std::log10(pq.value() + kLeastSquare);
  scores[Metric::kPu21Psnr] =
      20 * std::log10(Pu21FromNits(10'000)) - 10 * std::log10(pu21.value() + kLeastSquare);
  scores[Metric::kDeltaEItp] = itp.value();
}

}  // namespace

Scores ScoresOf(PlaneView<const float> predicted_stops, const JudgedPicture& picture) {
  Scores scores;
  ScoreStops(predicted_stops, picture.target_stops, scores);
  ScoreLevelAndShape(predicted_stops, picture.target_stops, scores);
  ScoreLight(predicted_stops, picture, scores);
  return scores;
}

}  // namespace hdrp
