// The map of a predicted gain.
#pragma once

#include "obtain/map_in_progress.h"
#include "predict/predict_gain.h"

namespace hdrp {

struct PredictedMap {
  MapInProgress map;
  PredictorRecord by;
};
/// no_gain_map where nothing would visibly be lifted; where a headroom was `asked` for, all that
/// tells one place from another is enough.
[[nodiscard]] Expected<PredictedMap> MapFromPredictor(const EditJpeg& edit,
                                                      const PredictOptions& options, bool asked,
                                                      const Resources& resources);

}  // namespace hdrp
