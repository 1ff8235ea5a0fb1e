// Signs that two pictures show a scene from different places: near things have moved against far
// ones. (OpenCV's types: only the module has them.)
#pragma once

#include <opencv2/core.hpp>

#include "align/find/block_matches.h"
#include "align/find/overlaid.h"
#include "align/find/transform_fit.h"

namespace hdrp {

inline constexpr double kInPlacePx = 2.5;  ///< a block or feature nearer than this has not moved

/// Shares of what the two pictures have in common. What moved counts where it did so as a group,
/// and is not in its old place as well, as what was cloned is.
struct ParallaxSigns {
  double blocks = 0;    ///< by a few pixels, of the plainly alike blocks
  double features = 0;  ///< by another transform, of those that agree with the first
  double outlines = 0;  ///< at a small scale, which shows how far smooth things moved
  /// All are signs of the same, and each alone may have another cause: beyond 1 it is parallax.
  [[nodiscard]] double Sum() const { return blocks / 0.01 + features / 0.01 + outlines / 0.009; }
};

/// `blocks` of the overlaid pictures; `features` that were matched, right or not, and the transform
/// that the pictures were laid over by.
[[nodiscard]] ParallaxSigns SignsOfParallax(const Overlaid& overlaid, const BlockMatches& blocks,
                                            const PointPairs& features, const PixelMap& map);

}  // namespace hdrp
