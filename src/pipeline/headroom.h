// The headroom that a map is delivered with: a derived map's own, --boost and --strength.
#pragma once

#include <optional>

#include "derive/peak_headroom.h"

namespace hdrp {

struct HeadroomOptions {
  std::optional<double> boost_stops = std::nullopt;
  double strength = 1;
  bool from_peak = false;  ///< a derived map's: what its rendition reaches
  PeakOptions peak = {};
};
[[nodiscard]] Expected<MapInProgress> WithHeadroom(MapInProgress map, const EditJpeg& edit,
                                                   const HeadroomOptions& options,
                                                   const Resources& resources);

}  // namespace hdrp
