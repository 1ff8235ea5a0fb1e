// The gain of an edit over its HDR original, and the map that holds it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pipeline/compare_renditions.h"

namespace hdrp {

/// What comparing gave, at the scale that was used.
struct Derived {
  Compared compared;
  std::optional<double> anchor_stops = std::nullopt;  ///< by which the original was moved
  std::vector<std::string> warnings = {};
};

/// The original's light, at the scale that the user asked for times 2^anchor_stops.
[[nodiscard]] Expected<HdrLight> OpenOriginal(const Renditions& renditions, double anchor_stops);

/// Compares, and once more where the original's mid-tones are far off and may be moved. `light` is
/// OpenOriginal's at 0 stops, unread.
[[nodiscard]] Expected<Derived> Derive(const Renditions& renditions, HdrLight light,
                                       const Comparable& where);

/// The map of what was compared; fills the report's anchor and fidelity. no_gain_map where nothing
/// is lifted.
[[nodiscard]] Expected<MapInProgress> MapOf(const Renditions& renditions, const Derived& derived,
                                            Report& report);

}  // namespace hdrp
