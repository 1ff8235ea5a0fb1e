// Predictive Mode up to the finished gain: what the pipeline codes, and what `evaluate` scores.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "edit/edit_jpeg.h"
#include "gainmap/gain.h"
#include "predict/predict_options.h"

namespace hdrp {

/// Who predicted, and what the guards did to it.
struct PredictorRecord {
  std::string predictor;   ///< "bright", or the model's name
  std::string_view style;  ///< empty for a model file
  std::optional<ModelRecord> model;
  std::vector<GuardEffect> guards;  ///< those that were on
};

struct PredictedGain {
  Log2Gain gain;  ///< one channel, at the map's size (map_size.h), stored raster
  PredictorRecord by;
};

/// The edit's pixels pass by once; what predictor and guards need of them is kept reduced.
[[nodiscard]] Expected<PredictedGain> PredictGain(const EditJpeg& edit,
                                                  const PredictOptions& options,
                                                  const Resources& resources);

/// The same by `bright`, whatever the options say of models.
[[nodiscard]] Expected<PredictedGain> PredictHighlights(const EditJpeg& edit,
                                                        const PredictOptions& options,
                                                        const Resources& resources);

}  // namespace hdrp
