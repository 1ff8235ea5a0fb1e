#include <algorithm>
#include <cmath>
#include <vector>

#include "decode/jpeg_pixels.h"
#include "guard/mean_gain.h"
#include "obtain/predict.h"
#include "pipeline/stages.h"

namespace hdrp {
namespace {

/// Below this p99.9 nothing in the picture would visibly be lifted.
constexpr double kMinUsefulGainStops = 0.05;
constexpr double kTopPercentile = 0.999;

/// The value at `share` of the sorted samples (nearest rank).
[[nodiscard]] double Percentile(PlaneView<const float> plane, double share) {
  std::vector<float> samples;
  samples.reserve(static_cast<std::size_t>(plane.width) * static_cast<std::size_t>(plane.height));
  for (int y = 0; y < plane.height; ++y) {
    const auto row = plane.RowSpan(y);
    samples.insert(samples.end(), row.begin(), row.end());
  }
  const auto rank = static_cast<std::size_t>(share * static_cast<double>(samples.size() - 1) + 0.5);
  const auto at = samples.begin() + static_cast<std::ptrdiff_t>(rank);
  std::ranges::nth_element(samples, at);
  return static_cast<double>(*at);
}

/// A quarter of the base per axis, or a half or the whole of it where rounding a small side would
/// change the aspect by more than 0.5 %.
[[nodiscard]] WorkingSize MapSize(int width, int height) {
  for (const int scale : {4, 2}) {
    const WorkingSize size{(width + scale - 1) / scale, (height + scale - 1) / scale};
    const double aspect = static_cast<double>(width) / height;
    const double map_aspect = static_cast<double>(size.width) / size.height;
    if (std::abs(map_aspect / aspect - 1) <= 0.005) return size;
  }
  return {width, height};
}

[[nodiscard]] Expected<Plane<float>> ReadWorkingLuma(const ReadJpeg& base, const Request& request) {
  const ByteView stream = base.parsed.primary.In(base.file->bytes);
  Expected<JpegRowReader> reader =
      JpegRowReader::Open(stream, {.output = JpegOutput::kAsStored,
                                   .limits = request.limits,
                                   .stop = request.parallelism.stop});
  if (!reader) return Within(base.file->name, std::move(reader.error()));
  WorkingLuma luma(reader->width(), reader->height(), reader->channels());
  constexpr int kBandRows = 64;
  Plane<std::uint8_t> band(reader->width(), kBandRows, reader->channels());
  while (reader->rows_read() < reader->height()) {
    PlaneView<std::uint8_t> rows = band.view();
    rows.height = std::min(kBandRows, reader->height() - reader->rows_read());
    if (Expected<void> read = reader->Read(rows); !read) {
      return Within(base.file->name, std::move(read.error()));
    }
    for (int y = 0; y < rows.height; ++y) luma.AddRow(rows.Row(y));
  }
  return luma.Take();
}

}  // namespace

Expected<MapInProgress> MapFromPredictor(const ReadJpeg& base, const Request& request) {
  Expected<Plane<float>> luma = ReadWorkingLuma(base, request);
  if (!luma) return std::unexpected(std::move(luma.error()));
  Expected<Plane<float>> filtered = BilateralLuma(luma->view(), request.parallelism);
  if (!filtered) return std::unexpected(std::move(filtered.error()));

  const WorkingSize size = MapSize(base.width(), base.height());
  const Log2Gain gain = LimitMeanGain(
      BrightGain(filtered->view(), size.width, size.height, kPhoneStyle), kMaxMeanGainStops);
  const double top = Percentile(gain.stops.view(), kTopPercentile);
  if (top < kMinUsefulGainStops) {
    return Fail(ErrorCode::kNoGainMap, base.file->name,
                "nothing in the picture is bright enough to lift: predicted gain {:.3f} stop at the "
                "99.9th percentile, expected at least {} (an HDR original can be given with --ref)",
                top, kMinUsefulGainStops);
  }

  GainMapMetadata metadata;
  metadata.gain_map_max.fill(top);
  metadata.alternate_hdr_headroom = top;
  MapInProgress result;
  // The numbers that will be written are the ones the codes are made with.
  result.metadata = MetadataFrom(FractionsOf(metadata), true);
  result.codes = EncodeGain(gain, result.metadata);
  result.width = size.width;
  result.height = size.height;
  result.steps.emplace_back("predicted");
  return result;
}

}  // namespace hdrp
