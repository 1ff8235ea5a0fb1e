// Rows of linear RGB of one space as linear RGB of another, in place.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "base/error.h"
#include "color/matrix.h"

namespace hdrp {

/// Immutable. Light outside the target's gamut becomes negative and stays so.
class RgbConversion {
 public:
  /// Times `scale`. bad_input for primaries that span no gamut.
  [[nodiscard]] static Expected<RgbConversion> Create(const Chromaticities& from,
                                                      const Chromaticities& to, double scale = 1) {
    const Matrix exact =
        from == to ? Matrix{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}} : RgbFromRgb(from, to);
    if (!IsFinite(exact)) {
      return Fail(ErrorCode::kBadInput, "colour", "the primaries span no gamut");
    }
    RgbConversion conversion;
    for (std::size_t i = 0; i < 9; ++i) {
      conversion.cells_[i] = static_cast<float>(exact[i / 3][i % 3] * scale);
    }
    return conversion;
  }

  void Row(std::span<float> rgb) const {
    const auto& m = cells_;
    for (std::size_t i = 0; i + 2 < rgb.size(); i += 3) {
      const float r = rgb[i];
      const float g = rgb[i + 1];
      const float b = rgb[i + 2];
      rgb[i] = m[0] * r + m[1] * g + m[2] * b;
      rgb[i + 1] = m[3] * r + m[4] * g + m[5] * b;
      rgb[i + 2] = m[6] * r + m[7] * g + m[8] * b;
    }
  }

 private:
  RgbConversion() = default;
  std::array<float, 9> cells_{};
};

}  // namespace hdrp
