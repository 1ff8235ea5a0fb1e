// Edits of another framing of pictures whose light is known.
#pragma once

#include <cstdint>
#include <vector>

#include "align/homography.h"
#include "base/plane.h"

namespace hdrp::test {

/// `scale` of the picture's sides around its middle, turned clockwise: normalised coordinates of an
/// edit of the picture's aspect to the picture's.
[[nodiscard]] Homography CroppedAndTurned(double scale, double degrees, double aspect);
/// The part between these shares of the sides.
[[nodiscard]] Homography CroppedTo(double left, double top, double right, double bottom);

/// What an edit of that size shows of the picture: averaged over 2 x 2 places in each of its
/// pixels, cubic (Catmull-Rom) at them, as editors do. Coded values are taken as they are.
[[nodiscard]] Plane<float> Reframed(PlaneView<const float> picture, const Homography& to_picture,
                                    int width, int height);
[[nodiscard]] Plane<std::uint8_t> Reframed(PlaneView<const std::uint8_t> picture,
                                           const Homography& to_picture, int width, int height);

/// 1 where the values stay within `range` over 11 x 11 pixels, else 0.
[[nodiscard]] Plane<std::uint8_t> AwayFromEdges(PlaneView<const float> values, float range);

/// Of Y, Rec. 709, over all pixels.
[[nodiscard]] double LuminancePercentile(PlaneView<const float> rgb, double share);
[[nodiscard]] Plane<float> LuminanceOf(PlaneView<const float> rgb);

}  // namespace hdrp::test
