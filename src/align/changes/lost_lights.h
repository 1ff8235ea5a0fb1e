// Lights of a reference that its edit does not show any more, retouched away or covered, and how
// far the gain reaches that they carry: in the edit nothing is there to be lifted.
#pragma once

#include <cstdint>
#include <vector>

#include "align/changes/lights.h"
#include "align/compared.h"
#include "base/plane.h"

namespace hdrp {

/// Lights (in the raster that is compared) that stand out in the reference and do not in the edit,
/// whatever its tone. A light whose surroundings are as bright as the picture can be (`white`, the
/// code of SDR white) may have been clipped with them, and is not lost.
[[nodiscard]] std::vector<Light> LostLights(const LumaPair& compared, int white);

/// 255 where the lights' gain is, with its glow, else 0; only of lights that carry gain, beyond
/// that of their surroundings. `gain`: the reference's, stops, in the compared raster.
[[nodiscard]] Plane<std::uint8_t> GainOfLights(const std::vector<Light>& lights,
                                               PlaneView<const float> gain);

}  // namespace hdrp
