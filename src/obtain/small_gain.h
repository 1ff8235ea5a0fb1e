// A map's gain, small, for those who look at places rather than pixels.
#pragma once

#include "base/limits.h"
#include "base/orientation.h"
#include "base/plane.h"
#include "obtain/map_in_progress.h"

namespace hdrp {

inline constexpr int kSmallGainSide = 512;

/// The highest channel's stops, as displayed, at most kSmallGainSide on the long side. The map
/// stays as it is.
[[nodiscard]] Expected<Plane<float>> SmallGain(const MapInProgress& map, Orientation orientation,
                                               const Limits& limits);

}  // namespace hdrp
