// Predictive Mode by a learned model: its inputs made from the base, its output made a map's gain.
#pragma once

#include <string>

#include "base/bytes.h"
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

/// `file`: an ONNX model (obtain/gain_model.h). model_failed where it cannot be used; bad_argument
/// where the picture is too large for a model that does not tile.
[[nodiscard]] Expected<ModelGain> PredictWithModel(const ReadJpeg& base, RasterSize map_size,
                                                   ByteView file, const Request& request);

}  // namespace hdrp
