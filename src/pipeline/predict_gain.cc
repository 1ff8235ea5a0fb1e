#include "pipeline/predict_gain.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <utility>

#include "decode/jpeg_pixels.h"
#include "gainmap/guided_filter.h"
#include "guard/text_page.h"
#include "obtain/area_reducer.h"
#include "obtain/bright.h"

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

/// What predictors and guards need of the base.
struct BaseSummary {
  std::vector<Plane<std::uint8_t>> reduced;  ///< coded pixels (RGB or grey) at each size asked for
  PageEvidence page;
};

/// From one pass over the base's rows.
[[nodiscard]] Expected<BaseSummary> Summarise(
    const ReadJpeg& base, std::span<const RasterSize> sizes, const Request& request) {
  const ByteView stream = base.parsed.primary.In(base.file->bytes);
  Expected<JpegRowReader> reader =
      JpegRowReader::Open(stream, {.output = JpegOutput::kAsStored,
                                   .limits = request.limits,
                                   .stop = request.parallelism.stop});
  if (!reader) return Within(base.file->name, std::move(reader.error()));
  std::vector<AreaReducer> reducers;
  for (const RasterSize size : sizes) {
    reducers.emplace_back(RasterSize{reader->width(), reader->height()}, reader->channels(), size);
  }
  PageWatcher page(reader->width(), reader->height(), reader->channels());
  constexpr int kBandRows = 64;
  Plane<std::uint8_t> band(reader->width(), kBandRows, reader->channels());
  while (reader->rows_read() < reader->height()) {
    PlaneView<std::uint8_t> rows = band.view();
    rows.height = std::min(kBandRows, reader->height() - reader->rows_read());
    if (Expected<void> read = reader->Read(rows); !read) {
      return Within(base.file->name, std::move(read.error()));
    }
    for (AreaReducer& reducer : reducers) {
      for (int y = 0; y < rows.height; ++y) reducer.AddRow(rows.Row(y));
    }
    for (int y = 0; y < rows.height; ++y) page.AddRow(rows.Row(y));
  }
  BaseSummary summary{{}, page.Finish()};
  for (AreaReducer& reducer : reducers) summary.reduced.push_back(reducer.Take());
  return summary;
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
  const RasterSize base_size{base.width(), base.height()};
  const RasterSize map_size = MapSize(base_size);
  const Expected<BaseSummary> summary =
      Summarise(base, std::array{BrightWorkingSize(base_size), map_size}, request);
  if (!summary) return std::unexpected(summary.error());

  const Plane<float> luma = CodedLuma(summary->reduced[0].view());
  const Expected<Plane<float>> filtered = BilateralLuma(luma.view(), request.parallelism);
  if (!filtered) return std::unexpected(filtered.error());
  const Plane<std::uint8_t>& scene = summary->reduced[1];
  const Plane<float> scene_luma = CodedLuma(scene.view());
  // Enlarged along the picture's own luma, so that the map's edges are the picture's.
  const GuideLines lines = FitGuideLines(filtered->view(), luma.view(), {});
  Log2Gain gain = BrightGain(AlongGuide(lines, scene_luma.view()).view(),
                             NumbersOf(request.options.predict.style));

  Expected<GuardedGain> guarded =
      ApplyGuards(std::move(gain), {scene.view(), scene_luma.view(), PageScore(summary->page)},
                  request.options.predict.guards);
  if (!guarded) return std::unexpected(std::move(guarded.error()));
  return PredictedGain{std::move(guarded->gain), "bright", NameOf(request.options.predict.style),
                       std::move(guarded->effects)};
}

}  // namespace hdrp
