// Chromaticities a file states, checked once for every reader: whoever makes a matrix of them may
// rely on its inverse.
#pragma once

#include <expected>
#include <string>

#include "color/color_spec.h"

namespace hdrp {

/// The same again, or a warning that names them: where the numbers are not finite, or span no
/// triangle, or the white has no luminance (real files have eight zeros). Primaries outside the
/// spectrum (ACES AP0, XYZ itself) are fine.
[[nodiscard]] std::expected<Chromaticities, std::string> CheckedChromaticities(
    const Chromaticities& stated);

}  // namespace hdrp
