#include "pipeline/predict_gain.h"

#include <cmath>
#include <optional>
#include <utility>

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

/// A predictor's gain before the guards, and the base that these look at.
struct RawGain {
  Log2Gain gain;
  Plane<std::uint8_t> small_base;  ///< coded RGB or grey at the map's size
  std::string predictor;
  std::optional<ModelRecord> model;
};

[[nodiscard]] Expected<RawGain> Bright(const ReadJpeg& base, RasterSize map_size,
                                       const Request& request) {
  Expected<JpegRowReader> reader = OpenBaseRows(base, request);
  if (!reader) return std::unexpected(std::move(reader.error()));
  const RasterSize size{reader->width(), reader->height()};
  AreaReducer working(size, reader->channels(), BrightWorkingSize(size));
  AreaReducer map(size, reader->channels(), map_size);
  const Expected<void> read = ForEachBaseRow(*reader, base, [&](const std::uint8_t* row) {
    working.AddRow(row);
    map.AddRow(row);
  });
  if (!read) return std::unexpected(read.error());
  const Expected<Plane<float>> luma =
      BilateralLuma(CodedLuma(working.Take().view()).view(), request.parallelism);
  if (!luma) return std::unexpected(luma.error());
  return RawGain{
      BrightGain(luma->view(), map_size.width, map_size.height, request.options.predict.style),
      map.Take(), "bright", std::nullopt};
}

[[nodiscard]] Expected<RawGain> ByModel(const ReadJpeg& base, RasterSize map_size,
                                        const Request& request) {
  Expected<ModelGain> predicted = PredictWithModel(base, map_size, request);
  if (!predicted) return std::unexpected(std::move(predicted.error()));
  return RawGain{std::move(predicted->gain), std::move(predicted->small_base),
                 std::move(predicted->name), std::move(predicted->record)};
}

}  // namespace

Expected<PredictedGain> PredictGain(const ReadJpeg& base, const Request& request) {
  const PredictOptions& options = request.options.predict;
  const RasterSize map_size = MapSize({base.width(), base.height()});
  Expected<RawGain> raw = options.model.path.empty() ? Bright(base, map_size, request)
                                                     : ByModel(base, map_size, request);
  if (!raw) return std::unexpected(std::move(raw.error()));
  Expected<GuardedGain> guarded =
      ApplyGuards(std::move(raw->gain), {raw->small_base.view()}, options.guards);
  if (!guarded) return std::unexpected(std::move(guarded.error()));
  return PredictedGain{std::move(guarded->gain), std::move(raw->predictor), std::move(raw->model),
                       std::move(guarded->effects)};
}

}  // namespace hdrp
