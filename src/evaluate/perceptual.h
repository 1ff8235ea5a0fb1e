// Luminance and colour as the eye counts them: PU21 and Delta E ITP. (PQ is in color/transfer.h.)
#pragma once

#include <array>

namespace hdrp {

/// PU21-coded luminance, 256 for 100 cd/m2 and 595 for 10,000; `nits` is clamped to 0.005..10,000.
/// The variant and its seven parameters are "banding_glare" of the authors' own encoder: Mantiuk
/// and Azimi, "PU21: A novel perceptually uniform encoding for adapting existing quality metrics
/// for HDR", PCS 2021; github.com/gfxdisp/pu21, matlab/pu21_encoder.m.
[[nodiscard]] double Pu21FromNits(double nits);

/// I, T, P of ITU-R BT.2124-0 (T = Ct / 2, P = Cp of BT.2100-2, table 7, PQ) of linear Rec. 2020 in
/// cd/m2; negative light counts as 0.
[[nodiscard]] std::array<double, 3> ItpFromRec2020(const std::array<double, 3>& nits);

/// ITU-R BT.2124-0: 720 * sqrt(dI^2 + dT^2 + dP^2), which is 720 * sqrt(dI^2 + dCt^2 / 4 + dCp^2).
/// 1 is just noticeable to the most critical eye.
[[nodiscard]] double DeltaEItp(const std::array<double, 3>& a_itp,
                               const std::array<double, 3>& b_itp);

}  // namespace hdrp
