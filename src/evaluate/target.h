// What a gain-map file says itself: the gain that a predictor should have found.
#pragma once

#include "base/error.h"
#include "base/plane.h"
#include "gainmap/gain.h"

namespace hdrp {

/// G = log2((Y_hdr + 1/64) / (Y_sdr + 1/64)) in stops, at full headroom and at the size of
/// `base_linear` (RGB, 1.0 = SDR white). Y is the luminance, by Rec. 709's weights, of the base's
/// own RGB; the HDR side is the map, its codes averaged by area, applied with its offsets (negative
/// light counts as 0). unsupported where the map's numbers give gains that are not finite.
[[nodiscard]] Expected<Plane<float>> TargetStops(PlaneView<const float> base_linear,
                                                 const EncodedGainMap& map);

/// Added to both luminances of a ratio: keeps black from counting as an infinite error.
inline constexpr double kTargetOffsetLinear = 1.0 / 64;

/// Rec. 709's weights, used on every RGB space: targets are defined so.
inline constexpr double kTargetLuminance[3] = {0.2126, 0.7152, 0.0722};

/// The value at `share` (0..1) of the sorted samples, linear between neighbours. One channel.
[[nodiscard]] double QuantileOf(PlaneView<const float> samples, double share);

}  // namespace hdrp
