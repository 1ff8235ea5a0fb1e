// Predictive Mode up to the finished gain: what the pipeline codes, and what `evaluate` scores.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "guard/guards.h"
#include "pipeline/stages.h"

namespace hdrp {

struct PredictedGain {
  Log2Gain gain;          ///< one channel, at the map's size (a quarter of the base, stored raster)
  std::string predictor;  ///< "bright", or the model's name
  std::string_view style;  ///< empty for a model file
  std::optional<ModelRecord> model;
  std::vector<GuardEffect> guards;
};

/// The base's pixels pass by once; what predictor and guards need of them is kept reduced.
[[nodiscard]] Expected<PredictedGain> PredictGain(const ReadJpeg& base, const Request& request);

/// The same by `bright`, whatever the request says of models.
[[nodiscard]] Expected<PredictedGain> PredictHighlights(const ReadJpeg& base,
                                                        const Request& request);

}  // namespace hdrp
