#include "pipeline/predict_gain.h"

#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "gainmap/guided_filter.h"
#include "guard/text_page.h"
#include "obtain/area_reducer.h"
#include "obtain/bright.h"
#include "pipeline/base_rows.h"
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

[[nodiscard]] const BrightStyle& NumbersOf(PredictStyle style) {
  switch (style) {
    case PredictStyle::kPhone:
      return kPhoneStyle;
    case PredictStyle::kAcr:
      return kAcrStyle;
  }
  std::unreachable();
}

/// A predictor's gain before the guards, and the base that these look at.
struct RawGain {
  Log2Gain gain;
  BaseForGuards base;
  std::string predictor;
  std::string_view style;
  std::optional<ModelRecord> model;
};

[[nodiscard]] Expected<RawGain> Bright(const ReadJpeg& base, RasterSize map_size,
                                       const Request& request) {
  Expected<JpegRowReader> reader = OpenBaseRows(base, request);
  if (!reader) return std::unexpected(std::move(reader.error()));
  const RasterSize size{reader->width(), reader->height()};
  AreaReducer working(size, reader->channels(), BrightWorkingSize(size));
  GuardsWatch watch(size, reader->channels(), map_size);
  const Expected<void> read = ForEachBaseRow(*reader, base, [&](const std::uint8_t* row) {
    working.AddRow(row);
    watch.AddRow(row);
  });
  if (!read) return std::unexpected(read.error());
  BaseForGuards seen = watch.Take();
  const Plane<float> luma = CodedLuma(working.Take().view());
  const Expected<Plane<float>> filtered = BilateralLuma(luma.view(), request.parallelism);
  if (!filtered) return std::unexpected(filtered.error());
  // Enlarged along the picture's own luma, so that the map's edges are the picture's.
  const GuideLines lines = FitGuideLines(filtered->view(), luma.view(), {});
  const PredictStyle style = request.options.predict.style;
  Log2Gain gain = BrightGain(AlongGuide(lines, seen.luma.view()).view(), NumbersOf(style));
  return RawGain{std::move(gain), std::move(seen), "bright", NameOf(style), std::nullopt};
}

[[nodiscard]] Expected<RawGain> ByModel(const ReadJpeg& base, RasterSize map_size,
                                        const Request& request) {
  Expected<ModelGain> predicted = PredictWithModel(base, map_size, request);
  if (!predicted) return std::unexpected(std::move(predicted.error()));
  return RawGain{std::move(predicted->gain),
                 std::move(predicted->base),
                 std::move(predicted->name),
                 {},
                 std::move(predicted->record)};
}

}  // namespace

std::string_view NameOf(PredictStyle style) {
  switch (style) {
    case PredictStyle::kPhone:
      return "phone";
    case PredictStyle::kAcr:
      return "acr";
  }
  std::unreachable();
}

Expected<PredictedGain> PredictGain(const ReadJpeg& base, const Request& request) {
  const PredictOptions& options = request.options.predict;
  const RasterSize map_size = MapSize({base.width(), base.height()});
  Expected<RawGain> raw = options.model.path.empty() ? Bright(base, map_size, request)
                                                     : ByModel(base, map_size, request);
  if (!raw) return std::unexpected(std::move(raw.error()));
  Expected<GuardedGain> guarded = ApplyGuards(
      std::move(raw->gain),
      {raw->base.coded.view(), raw->base.luma.view(), PageScore(raw->base.page)}, options.guards);
  if (!guarded) return std::unexpected(std::move(guarded.error()));
  return PredictedGain{std::move(guarded->gain), std::move(raw->predictor), raw->style,
                       std::move(raw->model), std::move(guarded->effects)};
}

}  // namespace hdrp
