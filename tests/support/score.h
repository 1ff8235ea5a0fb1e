// How far a predicted gain is from the one a phone stored: the protocol by which predictors are
// compared. Both at a long side of 256 pixels, EXIF orientation ignored.
#pragma once

#include "base/bytes.h"
#include "base/plane.h"

namespace hdrp::test {

/// What a gain-map JPEG says itself: G = log2((Y_hdr + 1/64) / (Y_sdr + 1/64)) at full headroom, in
/// stops. Y is the luminance (Rec. 709 weights) of the base's own RGB, linearised with the sRGB
/// curve and averaged by area in linear light; the HDR side comes from the stored map, averaged by
/// area in its codes, and its offsets. Fails the test where the file has no readable map.
[[nodiscard]] Plane<float> TargetStops(ByteView gain_map_jpeg);

struct Score {
  double mean_absolute_error_stops = 0;
  double mean_predicted_stops = 0;
};

/// Both of one size.
[[nodiscard]] Score ScoreOf(PlaneView<const float> predicted_stops,
                            PlaneView<const float> target_stops);

}  // namespace hdrp::test
