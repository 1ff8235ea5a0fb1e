// Skies with a few lights and next to nothing else, whose light is known: of moons, suns and lamps
// that edits move, remove or dim.
#pragma once

#include <cstdint>
#include <vector>

#include "align/homography.h"
#include "support/scene.h"

namespace hdrp::test {

enum class SkyKind : std::uint8_t { kPlain, kGradient, kStarry };

struct SkyLight {
  double x, y;       ///< of the width and the height
  double radius;     ///< of the width
  double stops;      ///< its gain
  double level = 1;  ///< luminance in the SDR picture
};

struct NightSky {
  SkyKind kind = SkyKind::kPlain;
  std::vector<SkyLight> lights;
  unsigned seed = 1;
  double level = 0.03;  ///< luminance of the sky
};

/// `count` lights of different sizes that do not touch, 3 stops of gain at most.
[[nodiscard]] NightSky MakeNightSky(SkyKind kind, int count, unsigned seed);

/// What a picture of that size shows of it. `to_sky`: normalised coordinates of the picture to the
/// sky's, which goes on beyond 0..1.
[[nodiscard]] Scene Photographed(const NightSky& sky, const Homography& to_sky, int width,
                                 int height);

}  // namespace hdrp::test
