#include "predict/predict_gain.h"

#include <filesystem>
#include <utility>

#include "base/file.h"
#include "base/formatted.h"
#include "gainmap/guided_filter.h"
#include "predict/bright.h"
#include "predict/curve_grid.h"
#include "predict/gain_model.h"
#include "predict/predict_with_curve_grid.h"
#include "predict/predict_with_model.h"

namespace hdrp {
namespace {

/// A predictor's gain before the guards, and the edit that these look at.
struct RawGain {
  Log2Gain gain;
  EditForGuards edit;
  PredictorRecord by;
};

enum class By { kModelFile, kShippedWeights, kBright };

/// A named model, else a style that someone asked for, else the model that is installed.
[[nodiscard]] By ChoiceOf(const PredictOptions& options) {
  const bool formula = options.style != PredictStyle::kPhone;
  if (!options.model.path.empty() && !(options.model.installed && formula)) return By::kModelFile;
  return formula || options.model.bright ? By::kBright : By::kShippedWeights;
}

[[nodiscard]] Expected<RawGain> Bright(const EditJpeg& edit, PredictStyle style,
                                       const Resources& resources) {
  HDRP_ASSIGN_OR_RETURN(WorkingEdit seen, ReadWorkingEdit(edit, resources));
  const Plane<float> luma = CodedLuma(seen.picture.view());
  HDRP_ASSIGN_OR_RETURN(const Plane<float> filtered,
                        BilateralLuma(luma.view(), resources.parallelism));
  // Enlarged along the picture's own luma, so that the map's edges are the picture's.
  const GuideLines lines = FitGuideLines(filtered.view(), luma.view(), {});
  const bool acr = style == PredictStyle::kAcr;
  Log2Gain gain = BrightGain(AlongGuide(lines, seen.for_guards.luma.view()).view(),
                             acr ? kAcrStyle : kHighlightsStyle);
  return RawGain{
      std::move(gain),
      std::move(seen.for_guards),
      {"bright", NameOf(acr ? PredictStyle::kAcr : PredictStyle::kHighlights), std::nullopt, {}}};
}

/// Names the file and the way out, where it is the model that failed (and not the user who had
/// enough).
[[nodiscard]] Error WithWayOut(const std::string& file, Error error) {
  if (error.code != ErrorCode::kModelFailed) return error;
  error.where = Formatted("{}{}{}", file, error.where.empty() ? "" : ": ", error.where);
  error.details.emplace_back("--style highlights predicts without a model");
  return error;
}

[[nodiscard]] RawGain RawFrom(ModelGain predicted, std::string_view style) {
  return {std::move(predicted.gain),
          std::move(predicted.edit),
          {std::move(predicted.name), style, std::move(predicted.record), {}}};
}

[[nodiscard]] Expected<RawGain> ByModelFile(const EditJpeg& edit, const ModelChoice& choice,
                                            const Resources& resources) {
  Limits limits = resources.limits;
  limits.max_file_bytes = kMaxModelBytes;
  HDRP_ASSIGN_OR_RETURN(const Bytes file, ReadFile(choice.path, limits));
  Expected<ModelGain> predicted = IsCurveGridFile(file)
                                      ? PredictWithCurveGrid(edit, file, resources)
                                      : PredictWithModel(edit, choice, file, resources);
  if (!predicted) {
    return std::unexpected(WithWayOut(std::filesystem::path(choice.path).filename().string(),
                                      std::move(predicted.error())));
  }
  return RawFrom(*std::move(predicted), {});
}

[[nodiscard]] Expected<RawGain> ByShippedWeights(const EditJpeg& edit, const Resources& resources) {
  Expected<ModelGain> predicted = PredictWithCurveGrid(edit, ShippedWeights(), resources);
  if (!predicted) {
    return std::unexpected(WithWayOut("the program's own", std::move(predicted.error())));
  }
  return RawFrom(*std::move(predicted), NameOf(PredictStyle::kPhone));
}

[[nodiscard]] Expected<RawGain> Raw(const EditJpeg& edit, const PredictOptions& options,
                                    const Resources& resources) {
  switch (ChoiceOf(options)) {
    case By::kModelFile:
      return ByModelFile(edit, options.model, resources);
    case By::kShippedWeights:
      return ByShippedWeights(edit, resources);
    case By::kBright:
      return Bright(edit, options.style, resources);
  }
  std::unreachable();
}

[[nodiscard]] Expected<PredictedGain> Guarded(RawGain raw, const GuardStrengths& strengths) {
  HDRP_ASSIGN_OR_RETURN(
      GuardedGain guarded,
      ApplyGuards(std::move(raw.gain),
                  {raw.edit.coded.view(), raw.edit.luma.view(), PageScore(raw.edit.page)},
                  strengths));
  raw.by.guards = std::move(guarded.effects);
  return PredictedGain{std::move(guarded.gain), std::move(raw.by)};
}

}  // namespace

std::string_view NameOf(PredictStyle style) {
  switch (style) {
    case PredictStyle::kPhone:
      return "phone";
    case PredictStyle::kHighlights:
      return "highlights";
    case PredictStyle::kAcr:
      return "acr";
  }
  std::unreachable();
}

Expected<PredictedGain> PredictGain(const EditJpeg& edit, const PredictOptions& options,
                                    const Resources& resources) {
  HDRP_ASSIGN_OR_RETURN(RawGain raw, Raw(edit, options, resources));
  return Guarded(std::move(raw), options.guards);
}

Expected<PredictedGain> PredictHighlights(const EditJpeg& edit, const PredictOptions& options,
                                          const Resources& resources) {
  HDRP_ASSIGN_OR_RETURN(RawGain raw, Bright(edit, options.style, resources));
  return Guarded(std::move(raw), options.guards);
}

}  // namespace hdrp
