#include "pipeline/predict_gain.h"

#include <cmath>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "base/file.h"
#include "base/formatted.h"
#include "gainmap/guided_filter.h"
#include "guard/text_page.h"
#include "obtain/area_reducer.h"
#include "obtain/bright.h"
#include "obtain/curve_grid.h"
#include "obtain/gain_model.h"
#include "pipeline/base_rows.h"
#include "pipeline/predict_with_curve_grid.h"
#include "pipeline/predict_with_model.h"

namespace hdrp {
namespace {

/// A quarter of the base per axis, or a half or the whole of it where rounding a small side would
/// change the aspect by more than 0.5 %.
[[nodiscard]] RasterSize MapSize(RasterSize base) {
  for (const int scale : {4, 2}) {
    const RasterSize size{(base.width + scale - 1) / scale, (base.height + scale - 1) / scale};
    const double aspect = static_cast<double>(base.width) / base.height;
    const double map_aspect = static_cast<double>(size.width) / size.height;
    if (std::abs(map_aspect / aspect - 1) <= 0.005) return size;
  }
  return base;
}

/// A predictor's gain before the guards, and the base that these look at.
struct RawGain {
  Log2Gain gain;
  BaseForGuards base;
  std::string predictor;
  std::string_view style;
  std::optional<ModelRecord> model;
};

enum class By { kModelFile, kShippedWeights, kBright };

/// A named model, else a style that someone asked for, else the model that is installed.
[[nodiscard]] By ChoiceOf(const PredictOptions& options) {
  const bool formula = options.style != PredictStyle::kPhone;
  if (!options.model.path.empty() && !(options.model.installed && formula)) return By::kModelFile;
  return formula || options.model.bright ? By::kBright : By::kShippedWeights;
}

[[nodiscard]] Expected<RawGain> Bright(const ReadJpeg& base, RasterSize map_size,
                                       const Request& request) {
  Expected<WorkingBase> seen = ReadWorkingBase(base, map_size, request);
  if (!seen) return std::unexpected(std::move(seen.error()));
  const Plane<float> luma = CodedLuma(seen->picture.view());
  const Expected<Plane<float>> filtered = BilateralLuma(luma.view(), request.parallelism);
  if (!filtered) return std::unexpected(filtered.error());
  // Enlarged along the picture's own luma, so that the map's edges are the picture's.
  const GuideLines lines = FitGuideLines(filtered->view(), luma.view(), {});
  const bool acr = request.options.predict.style == PredictStyle::kAcr;
  Log2Gain gain = BrightGain(AlongGuide(lines, seen->for_guards.luma.view()).view(),
                             acr ? kAcrStyle : kHighlightsStyle);
  return RawGain{std::move(gain), std::move(seen->for_guards), "bright",
                 NameOf(acr ? PredictStyle::kAcr : PredictStyle::kHighlights), std::nullopt};
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
  return {std::move(predicted.gain), std::move(predicted.base), std::move(predicted.name), style,
          std::move(predicted.record)};
}

[[nodiscard]] Expected<RawGain> ByModelFile(const ReadJpeg& base, RasterSize map_size,
                                            const Request& request) {
  const std::string& path = request.options.predict.model.path;
  Limits limits = request.limits;
  limits.max_file_bytes = kMaxModelBytes;
  const Expected<Bytes> file = ReadFile(path, limits);
  if (!file) return std::unexpected(file.error());
  Expected<ModelGain> predicted = IsCurveGridFile(*file)
                                      ? PredictWithCurveGrid(base, map_size, *file, request)
                                      : PredictWithModel(base, map_size, *file, request);
  if (!predicted) {
    return std::unexpected(
        WithWayOut(std::filesystem::path(path).filename().string(), std::move(predicted.error())));
  }
  return RawFrom(*std::move(predicted), {});
}

[[nodiscard]] Expected<RawGain> ByShippedWeights(const ReadJpeg& base, RasterSize map_size,
                                                 const Request& request) {
  Expected<ModelGain> predicted = PredictWithCurveGrid(base, map_size, ShippedWeights(), request);
  if (!predicted) {
    return std::unexpected(WithWayOut("the program's own", std::move(predicted.error())));
  }
  return RawFrom(*std::move(predicted), NameOf(PredictStyle::kPhone));
}

[[nodiscard]] Expected<RawGain> Raw(const ReadJpeg& base, RasterSize map_size,
                                    const Request& request) {
  switch (ChoiceOf(request.options.predict)) {
    case By::kModelFile:
      return ByModelFile(base, map_size, request);
    case By::kShippedWeights:
      return ByShippedWeights(base, map_size, request);
    case By::kBright:
      return Bright(base, map_size, request);
  }
  std::unreachable();
}

[[nodiscard]] Expected<PredictedGain> Guarded(Expected<RawGain> raw, const Request& request) {
  if (!raw) return std::unexpected(std::move(raw.error()));
  Expected<GuardedGain> guarded =
      ApplyGuards(std::move(raw->gain),
                  {raw->base.coded.view(), raw->base.luma.view(), PageScore(raw->base.page)},
                  request.options.predict.guards);
  if (!guarded) return std::unexpected(std::move(guarded.error()));
  return PredictedGain{std::move(guarded->gain), std::move(raw->predictor), raw->style,
                       std::move(raw->model), std::move(guarded->effects)};
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

Expected<PredictedGain> PredictGain(const ReadJpeg& base, const Request& request) {
  return Guarded(Raw(base, MapSize({base.width(), base.height()}), request), request);
}

Expected<PredictedGain> PredictHighlights(const ReadJpeg& base, const Request& request) {
  return Guarded(Bright(base, MapSize({base.width(), base.height()}), request), request);
}

}  // namespace hdrp
