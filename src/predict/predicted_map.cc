#include "predict/predicted_map.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/formatted.h"

namespace hdrp {
namespace {

/// Below this p99.9 nothing in the picture would visibly be lifted.
constexpr double kMinUsefulGainStops = 0.05;
/// Where someone asks for a headroom, all that tells one place from another is enough.
constexpr double kMinBoostedGainStops = 0.002;
constexpr double kTopPercentile = 0.999;

/// True where every code of the map is the same: all of the frame is lifted alike, as phones do,
/// too.
[[nodiscard]] bool IsConstant(PlaneView<const std::uint8_t> codes) {
  for (int y = 0; y < codes.height; ++y) {
    for (const std::uint8_t code : codes.RowSpan(y)) {
      if (code != codes.At(0, 0)) return false;
    }
  }
  return true;
}

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

}  // namespace

Expected<PredictedMap> MapFromPredictor(const EditJpeg& edit, const PredictOptions& options,
                                        bool asked, const Resources& resources) {
  HDRP_ASSIGN_OR_RETURN(PredictedGain predicted, PredictGain(edit, options, resources));
  const Log2Gain& gain = predicted.gain;
  const double top = Percentile(gain.stops.view(), kTopPercentile);
  const double least = asked ? kMinBoostedGainStops : kMinUsefulGainStops;
  if (top < least) {
    std::unexpected<Error> nothing =
        Fail(ErrorCode::kNoGainMap, edit.name(),
             "nothing in the picture is bright enough to lift: predicted gain {:.3f} stop at the "
             "99.9th percentile, expected at least {} (--boost STOPS asks for more of what there "
             "is, --style for another taste, and --ref gives an HDR original)",
             top, least);
    for (const GuardEffect& effect : predicted.by.guards) {
      if (effect.max_change_stops < kMinUsefulGainStops) continue;
      nothing.error().causes.push_back(
          {"guard", std::string(NameOf(effect.guard)),
           Formatted("the guard {0} took {1:.2f} stops on average; --guard {0}=off would leave "
                     "them",
                     NameOf(effect.guard), effect.mean_change_stops)});
    }
    return nothing;
  }

  GainMapMetadata metadata;
  metadata.gain_map_max.fill(top);
  metadata.alternate_hdr_headroom = top;
  MapInProgress map;
  // The numbers that will be written are the ones the codes are made with.
  map.metadata = MetadataFrom(FractionsOf(metadata), true);
  map.codes = EncodeGain(gain, map.metadata);
  map.width = gain.stops.width();
  map.height = gain.stops.height();
  map.steps.push_back(
      IsConstant(std::as_const(map.codes->codes).view())
          ? Formatted("predicted: all of the frame is lifted alike, by {:.2f} stops", top)
          : "predicted");
  return PredictedMap{std::move(map), std::move(predicted.by)};
}

}  // namespace hdrp
