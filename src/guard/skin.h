// Faces that glow look wrong: less gain on colours that skin has. Opt-in. Judged by chroma alone,
// so wood, sand and warm light are taken for skin too; docs/prediction.md has the measured rates.
#pragma once

#include <cstdint>

#include "gainmap/gain.h"

namespace hdrp {

/// Of the window that the likeness is smoothed in, as a share of the map's long side.
inline constexpr double kSkinRadiusShare = 1.0 / 64;
inline constexpr float kSkinReduction = 0.5F;  ///< of the gain, on colours that are surely skin's

/// 0..1: how much a coded colour is one of skin's. A window in the chroma of YCbCr relative to
/// luma, so that the same surface counts the same in light and shade, and dark skin as light skin.
[[nodiscard]] float SkinLikeness(std::uint8_t red, std::uint8_t green, std::uint8_t blue);

/// The gain times 1 - kSkinReduction * SkinLikeness, the likeness smoothed along `coded_luma` by a
/// guided filter: pixel by pixel it draws creases and pores into the gain. `base`: coded RGB,
/// `coded_luma` 0..1, both of the gain's size; a grey base changes nothing.
[[nodiscard]] Log2Gain LimitSkin(Log2Gain gain, PlaneView<const std::uint8_t> base,
                                 PlaneView<const float> coded_luma);

}  // namespace hdrp
