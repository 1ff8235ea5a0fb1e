// How far a predicted gain is from the stored one (docs/prediction.md says why these).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/plane.h"
#include "color/matrix.h"

namespace hdrp {

/// P is the prediction and G the target, both in stops.
enum class Metric : std::uint8_t {
  kError,             ///< mean |P - G|
  kLevelError,        ///< |median of P - G|: the constant whose removal helps most
  kShapeError,        ///< mean |P - G - median of P - G|: what no constant mends
  kHighlightError,    ///< the same over highlights: G > max(0.5, 0.6 * p99 of G)
  kHighlightRecall,   ///< share of the highlights with P > G / 2
  kFalseBrightening,  ///< mean P where G < 0.05, if over 50 such pixels
  kOver,              ///< share of pixels with P > G + 0.5
  kTopError,          ///< |p99.5 of P - p99.5 of G|
  kCorrelation,       ///< of P and G; none where either is constant
  kPqPsnr,            ///< dB between the PQ codes of both luminances, SDR white at 203 cd/m2
  kPu21Psnr,          ///< dB between their PU21 values, the peak being PU21 of 10,000 cd/m2
  kDeltaEItp,         ///< mean Delta E ITP (BT.2124) of both renditions
  kMeanGain,          ///< mean P; no error, but it tells a dull prediction from a wild one
};
inline constexpr std::size_t kMetricCount = 13;

struct MetricText {
  Metric metric;
  std::string_view id;       ///< in JSON
  std::string_view heading;  ///< in tables
  int decimals;
};
inline constexpr std::array<MetricText, kMetricCount> kMetrics = {{
    {Metric::kError, "mae_stops", "MAE", 3},
    {Metric::kLevelError, "level_error_stops", "level", 3},
    {Metric::kShapeError, "shape_error_stops", "shape", 3},
    {Metric::kHighlightError, "highlight_mae_stops", "hiMAE", 3},
    {Metric::kHighlightRecall, "highlight_recall", "hiRec", 2},
    {Metric::kFalseBrightening, "false_brightening_stops", "falseB", 3},
    {Metric::kOver, "over_share", "over", 3},
    {Metric::kTopError, "top_error_stops", "top", 2},
    {Metric::kCorrelation, "correlation", "corr", 2},
    {Metric::kPqPsnr, "pq_psnr_db", "PQ dB", 1},
    {Metric::kPu21Psnr, "pu21_psnr_db", "PU21 dB", 1},
    {Metric::kDeltaEItp, "delta_e_itp", "dE ITP", 1},
    {Metric::kMeanGain, "mean_gain_stops", "mean P", 3},
}};

/// A value for each metric, none where the picture has nothing to measure it on.
struct Scores {
  std::array<std::optional<double>, kMetricCount> values;
  [[nodiscard]] std::optional<double>& operator[](Metric m) {
    return values[static_cast<std::size_t>(m)];
  }
  [[nodiscard]] const std::optional<double>& operator[](Metric m) const {
    return values[static_cast<std::size_t>(m)];
  }
};

/// What a prediction is judged on.
struct JudgedPicture {
  PlaneView<const float> base_linear;   ///< RGB, 1.0 = SDR white
  PlaneView<const float> target_stops;  ///< one channel, of the same size
  Matrix rec2020_from_base;             ///< of linear RGB
};

/// `predicted_stops` has one channel and the picture's size.
[[nodiscard]] Scores ScoresOf(PlaneView<const float> predicted_stops, const JudgedPicture& picture);

}  // namespace hdrp
