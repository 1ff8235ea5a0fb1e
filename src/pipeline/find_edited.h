// What lights say of an edit: whether it lies as it is thought, and which of them it has lost.
#pragma once

#include <cstdint>

#include "align/small_luminance.h"
#include "pipeline/stages.h"

namespace hdrp {

/// mismatch where lights alone have structure and are not where they should be
/// (placed_by_lights.h). Nothing where the two were not compared.
[[nodiscard]] Expected<void> CheckLights(const Framing& framing, const Request& request);

/// FindEdited, and 255 where the gain is of lights that the edit has lost (lost_lights.h). `map` is
/// the reference's, of a base of that orientation.
[[nodiscard]] Expected<Plane<std::uint8_t>> FindEditedAndLights(const Framing& framing,
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
