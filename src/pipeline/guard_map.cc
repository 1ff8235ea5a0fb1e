#include "base/formatted.h"
#include "pipeline/stages.h"

namespace hdrp {

Expected<MapInProgress> GuardMap(MapInProgress placed, const ReadJpeg& base, MapOrigin origin,
                                 const Request& request) {
  const bool derived = origin == MapOrigin::kDerived;
  Expected<MapInProgress> ready =
      derived ? WithPeakAsHeadroom(std::move(placed), base, request) : std::move(placed);
  if (!ready) return ready;
  MapInProgress map = *std::move(ready);
  const auto rescale = [&map](Expected<GainMapMetadata> scaled) -> Expected<void> {
    if (!scaled) return std::unexpected(std::move(scaled.error()));
    map.steps.push_back(Formatted("headroom changed from {:.4g} to {:.4g} stops",
                                  map.metadata.alternate_hdr_headroom,
                                  scaled->alternate_hdr_headroom));
    map.metadata = *std::move(scaled);
    return {};
  };
  const Options& options = request.options;
  if (options.boost_stops) {
    Expected<void> done = rescale(WithBoost(map.metadata, *options.boost_stops));
    if (!done) return std::unexpected(std::move(done.error()));
  }
  if (options.strength != 1) {
    Expected<void> done = rescale(WithStrength(map.metadata, options.strength));
    if (!done) return std::unexpected(std::move(done.error()));
    // A dark place under much gain loses more of its light than white does.
    if (derived) return WithPeakAsHeadroom(std::move(map), base, request);
  }
  return map;
}

}  // namespace hdrp
