// Predictive Mode by a learned model: its inputs made from the base, its output made a map's gain.
#pragma once

#include <string>

#include "gainmap/gain.h"
#include "pipeline/base_rows.h"
#include "pipeline/stages.h"

namespace hdrp {

struct ModelGain {
  Log2Gain gain;  ///< one channel, at the map's size, 0 or above
  BaseForGuards base;
  std::string name;
  ModelRecord record;
};

/// Reads the file that request.options.predict.model names. model_failed, with the way out, where
/// it cannot be used; bad_argument where it is missing, or too large for a model that does not
/// tile.
[[nodiscard]] Expected<ModelGain> PredictWithModel(const ReadJpeg& base, RasterSize map_size,
                                                   const Request& request);

}  // namespace hdrp
