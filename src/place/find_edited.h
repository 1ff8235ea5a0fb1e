// Where the edit shows something else than the reference: regions that differ, what lies outside
// it, lights that the edit has lost. 255 there, else 0: displayed raster, small.
#pragma once

#include <cstdint>

#include "align/tone/small_luminance.h"
#include "obtain/map_in_progress.h"
#include "place/framing.h"

namespace hdrp {

/// False for an empty mask.
[[nodiscard]] bool SaysEdited(const Plane<std::uint8_t>& mask);

/// Also where the gain is of lights that the edit has lost (align/changes/lost_lights.h). `map` is
/// the reference's, of a base of that orientation. Empty where the two were not compared.
[[nodiscard]] Expected<Plane<std::uint8_t>> FindEdited(const Framing& framing,
                                                       const MapInProgress& map,
                                                       Orientation orientation,
                                                       const Limits& limits);

/// What codes of an HDR rendition's light mean.
struct LightCodes {
  int white;       ///< of SDR white
  float per_stop;  ///< about
};
inline constexpr LightCodes kOfLogCodes = {kWhiteLogCode, kLogCodesPerStop};
inline constexpr LightCodes kOfTonedCodes = {255, 32};

/// The same with an HDR rendition as reference: of its light all is gain that the edit has lost.
[[nodiscard]] Plane<std::uint8_t> FindEditedIn(const Framing& framing, const LightCodes& codes);

}  // namespace hdrp
