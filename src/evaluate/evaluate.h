// Predictors judged on files that hold a gain map: each sees the base alone, and its gain is
// compared with the stored one (docs/prediction.md).
#pragma once

#include <string>
#include <vector>

#include "evaluate/baselines.h"
#include "evaluate/metrics.h"
#include "evaluate/scene.h"

namespace hdrp {

struct JudgedFile {
  std::string name;
  std::string source;  ///< the scene's
  WriterGroup group = WriterGroup::kPhone;
  double target_mean_stops = 0, target_p50_stops = 0, target_top_stops = 0;  ///< top: p99.5
  bool flat_map = false;       ///< the map's gains span less than 0.1 stop: a plain global boost
  std::vector<Scores> scores;  ///< one for each predictor, in the order asked for
};

struct SkippedFile {
  std::string name;
  Error error;
};

struct Evaluation {
  std::vector<Predictor> predictors;
  std::string chosen;  ///< what `chosen` was: "bright", or the model's name; empty if not asked for
  std::vector<JudgedFile> files;
  std::vector<SkippedFile> skipped;
};

/// Judges `evaluation.predictors` on one picture and adds it to `evaluation.files`.
/// `request.options.predict` is what `chosen` means. PredictGain's errors.
[[nodiscard]] Expected<void> JudgeScene(const Scene& scene, const Request& request,
                                        Evaluation& evaluation);

}  // namespace hdrp
