// The gain of an edit over its HDR original, and the map that holds it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "derive/compare_renditions.h"
#include "obtain/map_in_progress.h"

namespace hdrp {

/// What comparing gave, at the scale that was used.
struct ScaledComparison {
  RenditionComparison comparison;
  std::optional<double> anchor_stops = std::nullopt;  ///< by which the original was moved
  std::vector<std::string> warnings = {};
};

/// Compares, and once more where the original's mid-tones are far off and may be moved. `light` is
/// OpenOriginal's at 0 stops, unread.
[[nodiscard]] Expected<ScaledComparison> CompareAnchored(const EditAndOriginal& pair,
                                                         HdrLight light,
                                                         const ComparedPlaces& where);

/// What deriving lost and met.
struct DerivationRecord {
  std::optional<double> anchor_stops;   ///< by which the HDR rendition was scaled
  std::uint64_t non_finite_pixels = 0;  ///< of the HDR rendition
  GainError fidelity;                   ///< of the coded map, on the judged pixels
};
struct DerivedMap {
  MapInProgress map;
  DerivationRecord record;
};
/// The map of what was compared. no_gain_map where nothing is lifted.
[[nodiscard]] Expected<DerivedMap> DerivedMapOf(const EditAndOriginal& pair,
                                                const ScaledComparison& compared);

}  // namespace hdrp
