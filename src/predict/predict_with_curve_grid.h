// Predictive Mode by the learned predictor (predict/curve_grid.h).
#pragma once

#include "base/bytes.h"
#include "predict/predict_with_model.h"

namespace hdrp {

/// `weights`: a file that tools/train wrote, or the program's own. model_failed where it is
/// damaged. The picture is looked at as it is displayed: its stored orientation changes nothing.
[[nodiscard]] Expected<ModelGain> PredictWithCurveGrid(const EditJpeg& edit, ByteView weights,
                                                       const Resources& resources);

}  // namespace hdrp
