// Predictive Mode by a learned model: its inputs made from the edit, its output made a map's gain.
#pragma once

#include <string>

#include "base/bytes.h"
#include "gainmap/gain.h"
#include "predict/predict_options.h"
#include "predict/working_edit.h"

namespace hdrp {

struct ModelGain {
  Log2Gain gain;  ///< one channel, at the map's size, 0 or above
  EditForGuards edit;
  std::string name;
  ModelRecord record;
};

/// `file`: an ONNX model (predict/gain_model.h). model_failed where it cannot be used; bad_argument
/// where the picture is too large for a model that does not tile.
[[nodiscard]] Expected<ModelGain> PredictWithModel(const EditJpeg& edit, const ModelChoice& choice,
                                                   ByteView file, const Resources& resources);

}  // namespace hdrp
