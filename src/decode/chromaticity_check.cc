#include "decode/chromaticity_check.h"

#include <cmath>

#include "base/formatted.h"

namespace hdrp {

std::expected<Chromaticities, std::string> CheckedChromaticities(const Chromaticities& stated) {
  const auto& [red, green, blue, white] = stated;
  // No real or customary primary is further out; larger numbers are noise that loses all digits.
  constexpr double kFarthest = 10;
  constexpr double kSmallest = 1e-4;
  bool sane = true;
  for (const auto& xy : {red, green, blue, white}) {
    for (const double value : xy) sane = sane && std::abs(value) <= kFarthest;  // false for NaN
  }
  const double twice_area =
      (green[0] - red[0]) * (blue[1] - red[1]) - (green[1] - red[1]) * (blue[0] - red[0]);
  if (!sane || std::abs(twice_area) < kSmallest || white[1] < kSmallest) {
    return std::unexpected(Formatted(
        "expected chromaticities of three primaries and a white, found ({}, {}) ({}, {}) ({}, {}) "
        "and ({}, {}): Rec. 709 is assumed",
        red[0], red[1], green[0], green[1], blue[0], blue[1], white[0], white[1]));
  }
  return stated;
}

}  // namespace hdrp
