// Applying a gain map: HDR = (SDR + base_offset) * 2^(gain * weight) - alternate_offset, in linear
// light of the base's primaries, 1.0 = SDR white. Highway kernel with a scalar twin; both give the
// same bits on every target (no fused multiply-add, no library exp2).
// Source: ISO 21496-1, also Adobe "Gain map" specification; docs/formulas.md.
#pragma once

#include <array>
#include <span>

#include "gainmap/gain.h"

namespace hdrp {

/// Per-channel constants of one application.
struct ApplyConstants {
  float weight = 1;
  std::array<float, 3> base_offset{};
  std::array<float, 3> alternate_offset{};
};
[[nodiscard]] ApplyConstants ApplyConstantsOf(const GainMapMetadata& metadata, double weight);

/// One row of n pixels, interleaved RGB: `base_linear` and `hdr_linear` hold 3 * n values,
/// `gain_stops` 3 * n, or n where one gain serves the three channels of a pixel (a third of the
/// work). gain * weight counts within -126..127 stops, and 2^it is within 1e-7 of itself. Results
/// below 0 are kept (alternate_offset may pull black slightly under 0): the writer decides.
void ApplyGainRow(std::span<const float> base_linear, std::span<const float> gain_stops,
                  const ApplyConstants& constants, std::span<float> hdr_linear);
void ApplyGainRowScalar(std::span<const float> base_linear, std::span<const float> gain_stops,
                        const ApplyConstants& constants, std::span<float> hdr_linear);

}  // namespace hdrp
