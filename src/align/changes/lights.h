// Bright places that are darker all around, lamps, sun and moon among them, and whether another
// picture of the same raster has them, too: by rank in their surroundings and not by level, as an
// edit's tone is its own.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/plane.h"

namespace hdrp {

struct LightPixel {
  int x = 0, y = 0;
};

/// Of one raster.
struct Light {
  std::vector<LightPixel> core;  ///< connected pixels that stand out
  std::vector<LightPixel> ring;  ///< pixels around that do not, at a little distance
};

/// Of coded luma, at most half of the long side across. Stands out: by at least 24 codes over the
/// darkest pixels of its surroundings (a white top-hat, at three scales). A light may be found at
/// several of them, alone or with what is near it. `white`: the code of white where the sun in a
/// bright sky counts, too: less than 24 codes, if it is half of what white leaves.
[[nodiscard]] std::vector<Light> LightsIn(const Plane<std::uint8_t>& codes,
                                          std::optional<int> white = std::nullopt);

/// How the pixels of a light compare with those around it.
struct Standing {
  double rank = 0.5;    ///< probability that one of the core is brighter than one of the ring
  double contrast = 0;  ///< codes from the ring's median to the core's
  int ring = 0;         ///< median code of the ring
  [[nodiscard]] bool IsOut() const { return rank >= 0.8 && contrast >= 2; }
};

/// In a picture of the same raster, `by` pixels off; what lies outside is left out.
[[nodiscard]] Standing StandingOf(const Light& light, const Plane<std::uint8_t>& codes,
                                  LightPixel by = {});

/// True where it stands out there, or two pixels beside, as two pictures may lie a little off.
[[nodiscard]] bool StandsOut(const Light& light, const Plane<std::uint8_t>& codes);

}  // namespace hdrp
