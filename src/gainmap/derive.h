// The gain between two renditions of one picture, row by row:
// gain = log2((Y_hdr + o) / (Y_sdr + o)), o = 1/64, in linear light of the base's primaries,
// 1.0 = SDR white. Highway kernel with a scalar twin; both give the same bits on every target.
// Source: ISO 21496-1; docs/formulas.md.
#pragma once

#include <array>
#include <span>

namespace hdrp {

/// Both offsets of the maps we derive: keeps the noise of near-black codes out of the range.
inline constexpr float kDeriveOffset = 1.0F / 64;

/// Rows of n pixels. `hdr_linear` and `base_linear`: 3 * n values, RGB. `luminance`: weights of Y.
struct DeriveInput {
  std::span<const float> hdr_linear;
  std::span<const float> base_linear;
  std::array<float, 3> luminance{0.2126F, 0.7152F, 0.0722F};
};

/// `stops`: n values (gain of luminance) or 3 * n (gain of each component). `hdr_luminance`: n
/// values. Components may be negative (out of the base's gamut): luminance is taken first, then
/// what is below 0 counts as 0. Values must be finite.
void DeriveGainRow(const DeriveInput& input, std::span<float> stops,
                   std::span<float> hdr_luminance);
void DeriveGainRowScalar(const DeriveInput& input, std::span<float> stops,
                         std::span<float> hdr_luminance);

}  // namespace hdrp
