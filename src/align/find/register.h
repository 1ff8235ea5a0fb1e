// Finds where an edit lies in its original: crop, scale, rotation, mirroring, mild perspective,
// lens correction. (OpenCV: SIFT features, robust fits, block matching; docs/alignment.md.)
#pragma once

#include <cstdint>

#include "align/framing_map.h"
#include "align/luma_view.h"
#include "base/error.h"
#include "base/plane.h"

namespace hdrp {

/// Pixels on the long side that are looked at.
inline constexpr int kRegisteredSide = 1000;

struct Registration {
  FramingMap to_reference;  ///< displayed coordinates of the edit to the reference's
  int inliers = 0;          ///< matched places that agree with it
  double residual = 0;  ///< their robust standard deviation, as a share of the reference's diagonal
  double overlap = 0;   ///< share of the edit that lies in the reference
  double agreement = 0;  ///< of the overlap, 0..1: local structure (framing.h), or the share of
                         ///< textured blocks that are in place, whichever is larger
  double stretch = 1;    ///< of one direction of the edit against the other, at its middle
  double parallax = 0;   ///< signs of another point of view (parallax.h), 0..1
};

/// Both as displayed, coded luma. mismatch, saying why, where no such transform is
/// found, where the edit would have to be stretched, where under 30 % of it lie in the reference,
/// and where near and far things do not coincide.
[[nodiscard]] Expected<Registration> Register(const LumaView& edit, const LumaView& reference);

}  // namespace hdrp
