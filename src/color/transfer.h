// Transfer functions: linear light of a coded value and back. Linear 1.0 is SDR white, 203 cd/m2
// (ITU-R BT.2408). All keep NaN. Formulas: docs/formulas.md.
#pragma once

#include "color/color_spec.h"

namespace hdrp {

/// SMPTE ST 2084 (BT.2100, table 4); codes outside 0..1 count as its ends (10,000 cd/m2 at 1).
[[nodiscard]] double LinearFromPq(double code);
/// The inverse: 0 for negative light, 1 at 10,000 cd/m2 and above.
[[nodiscard]] double PqFromLinear(double linear);

/// Inverse OETF of BT.2100's HLG (table 5): scene light of one channel, 1 at code 1. 0 for negative
/// codes; codes above 1 follow the formula.
[[nodiscard]] double SceneFromHlg(double code);
[[nodiscard]] double HlgFromScene(double scene);

/// BT.2100's OOTF for a display of 1,000 cd/m2 (system gamma 1.2): display light of a channel is
/// its scene light times 1000 / 203 * Ys^(1.2 - 1), Ys being the pixel's scene luminance.
inline constexpr float kHlgPeakLinear = static_cast<float>(1000 / kSdrWhiteNits);
inline constexpr float kHlgGammaLessOne = 0.2F;

/// IEC 61966-2-1; negative values mirror positive ones, values above 1 follow the formula.
[[nodiscard]] double LinearFromSrgb(double code);
[[nodiscard]] double SrgbFromLinear(double linear);

/// The curve of one channel. For kHlg this is scene light: the OOTF needs all channels.
[[nodiscard]] double LinearFromCode(Transfer transfer, double code);

}  // namespace hdrp
