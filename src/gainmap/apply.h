// Applying a gain map: HDR = (SDR + base_offset) * 2^(gain * weight) - alternate_offset, in linear
// light of the base's primaries, 1.0 = SDR white. Highway kernel with a scalar twin.
// Source: ISO 21496-1, also Adobe "Gain map" specification; docs/formulas.md.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "base/plane.h"
#include "gainmap/gain.h"

namespace hdrp {

/// Per-channel constants of one application.
struct ApplyConstants {
  float weight = 1;
  std::array<float, 3> base_offset{};
  std::array<float, 3> alternate_offset{};
};
[[nodiscard]] ApplyConstants ApplyConstantsOf(const GainMapMetadata& metadata, double weight);

/// One row, interleaved RGB. `base_linear`, `gain_stops` and `hdr_linear` hold 3 * n values. Results
/// below 0 are kept (alternate_offset may pull black slightly under 0): the writer decides.
void ApplyGainRow(std::span<const float> base_linear, std::span<const float> gain_stops,
                  const ApplyConstants& constants, std::span<float> hdr_linear);
void ApplyGainRowScalar(std::span<const float> base_linear, std::span<const float> gain_stops,
                        const ApplyConstants& constants, std::span<float> hdr_linear);

/// Samples a map for full-size rows of the base: centre-aligned bilinear by normalised coordinates.
/// Codes are interpolated when every gamma is 1, decoded stops otherwise (both are linear in stops in
/// the first case).
class GainRows {
 public:
  GainRows(const EncodedGainMap& map, int base_width, int base_height);
  /// Row y of the base: 3 * base_width stops (a one-channel map repeated).
  void Row(int y, std::span<float> stops) const;

 private:
  Plane<float> stops_;  ///< the decoded map, 3 or 1 channels
  int base_width_, base_height_;
};

}  // namespace hdrp
