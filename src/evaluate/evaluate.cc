#include "evaluate/evaluate.h"

#include <utility>

#include "evaluate/target.h"
#include "gainmap/gain.h"
#include "predict/predict_gain.h"

namespace hdrp {
namespace {

constexpr double kFlatSpanStops = 0.1;

struct Prediction {
  Plane<float> stops;  ///< at the target's size
  std::string predictor;
};

/// What the pipeline would deliver, averaged by area to the target's size.
[[nodiscard]] Expected<Prediction> PipelineGain(const Scene& scene, const Request& request) {
  HDRP_ASSIGN_OR_RETURN(const EditJpeg edit, ReadEditJpeg(scene.prepared.file(), request.limits));
  HDRP_ASSIGN_OR_RETURN(
      PredictedGain predicted,
      PredictGain(edit, request.options.predict, {request.limits, request.parallelism}));
  const Plane<float>& target = scene.target_stops;
  return Prediction{Resized(predicted.gain.stops.view(), target.width(), target.height()),
                    std::move(predicted.by.predictor)};
}

[[nodiscard]] Expected<Prediction> Predicted(Predictor predictor, const Scene& scene,
                                             const Request& request) {
  if (predictor == Predictor::kChosen) return PipelineGain(scene, request);
  if (predictor == Predictor::kBright) {
    Request bright;
    bright.limits = request.limits;
    bright.parallelism = request.parallelism;
    bright.options.predict.model.bright = true;
    return PipelineGain(scene, bright);
  }
  HDRP_ASSIGN_OR_RETURN(Plane<float> stops,
                        BaselineGain(predictor, scene.coded.view(), request.parallelism));
  return Prediction{std::move(stops), std::string(NameOf(predictor))};
}

[[nodiscard]] JudgedFile Described(const Scene& scene) {
  JudgedFile file;
  file.name = scene.name;
  file.source = scene.source;
  file.group = scene.group;
  const PlaneView<const float> target = scene.target_stops.view();
  for (int y = 0; y < target.height; ++y) {
    for (const float stops : target.RowSpan(y))
      file.target_mean_stops += static_cast<double>(stops);
  }
  file.target_mean_stops /= static_cast<double>(target.width) * target.height;
  file.target_p50_stops = QuantileOf(target, 0.5);
  file.target_top_stops = QuantileOf(target, 0.995);
  file.flat_map = scene.map_span_stops < kFlatSpanStops;
  return file;
}

}  // namespace

Expected<void> JudgeScene(const Scene& scene, const Request& request, Evaluation& evaluation) {
  JudgedFile file = Described(scene);
  const JudgedPicture picture{scene.linear.view(), scene.target_stops.view(),
                              scene.rec2020_from_base};
  for (const Predictor predictor : evaluation.predictors) {
    HDRP_ASSIGN_OR_RETURN(const Prediction prediction, Predicted(predictor, scene, request));
    if (predictor == Predictor::kChosen) evaluation.chosen = prediction.predictor;
    file.scores.push_back(ScoresOf(prediction.stops.view(), picture));
  }
  evaluation.files.push_back(std::move(file));
  return {};
}

}  // namespace hdrp
