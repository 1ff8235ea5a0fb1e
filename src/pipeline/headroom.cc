#include "pipeline/headroom.h"

#include "base/formatted.h"

namespace hdrp {
namespace {

void Rescale(MapInProgress& map, GainMapMetadata scaled) {
  map.steps.push_back(Formatted("headroom changed from {:.4g} to {:.4g} stops",
                                map.metadata.alternate_hdr_headroom,
                                scaled.alternate_hdr_headroom));
  map.metadata = std::move(scaled);
}

}  // namespace

Expected<MapInProgress> WithHeadroom(MapInProgress map, const EditJpeg& edit,
                                     const HeadroomOptions& options, const Resources& resources) {
  if (options.from_peak) {
    HDRP_ASSIGN_OR_RETURN(map, WithPeakAsHeadroom(std::move(map), edit, options.peak, resources));
  }
  if (options.boost_stops) {
    HDRP_ASSIGN_OR_RETURN(GainMapMetadata boosted, WithBoost(map.metadata, *options.boost_stops));
    Rescale(map, std::move(boosted));
  }
  if (options.strength == 1) return map;
  HDRP_ASSIGN_OR_RETURN(GainMapMetadata weaker, WithStrength(map.metadata, options.strength));
  Rescale(map, std::move(weaker));
  // A dark place under much gain loses more of its light than white does.
  if (options.from_peak) return WithPeakAsHeadroom(std::move(map), edit, options.peak, resources);
  return map;
}

}  // namespace hdrp
