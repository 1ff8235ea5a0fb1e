// Bright light of a saturated colour turns neon where it is lifted: less gain there. Opt-in.
#pragma once

#include <cstdint>

#include "gainmap/gain.h"

namespace hdrp {

inline constexpr float kSaturationBegins = 0.35F;  ///< chroma: (max - min) of coded RGB, 0..1
inline constexpr float kSaturationFull = 0.85F;
inline constexpr float kSaturationReduction = 0.5F;  ///< of the gain, at full chroma

/// The gain times 1 - kSaturationReduction * SmoothRamp(kSaturationBegins, kSaturationFull,
/// chroma). Chroma is (max - min) of coded RGB, which only bright colours can have in plenty.
/// `base`: coded RGB at the gain's size; a grey base changes nothing.
[[nodiscard]] Log2Gain LimitSaturation(Log2Gain gain, PlaneView<const std::uint8_t> base);

}  // namespace hdrp
