// Predictive Mode by the learned predictor (obtain/curve_grid.h).
#pragma once

#include "base/bytes.h"
#include "pipeline/predict_with_model.h"

namespace hdrp {

/// `weights`: a file that tools/train wrote, or the program's own. model_failed where it is
/// damaged. The picture is looked at as it is displayed: its stored orientation changes nothing.
[[nodiscard]] Expected<ModelGain> PredictWithCurveGrid(const ReadJpeg& base, RasterSize map_size,
                                                       ByteView weights, const Request& request);

}  // namespace hdrp
