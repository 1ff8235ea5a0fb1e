// The profiles of pictures we convert: small ICC version 4 display profiles with the sRGB curve.
// Source: ICC.1:2022. Built by hand, so the same bytes every time: no date, no creator, no id.
#pragma once

#include <string_view>

#include "base/bytes.h"
#include "color/color_spec.h"

namespace hdrp {

/// `description` is ASCII. The primaries must span a gamut.
[[nodiscard]] Bytes WriteIccProfile(std::string_view description, const Chromaticities& primaries);

[[nodiscard]] inline Bytes SrgbIccProfile() { return WriteIccProfile("sRGB", kRec709Primaries); }
[[nodiscard]] inline Bytes DisplayP3IccProfile() {
  return WriteIccProfile("Display P3", kDisplayP3Primaries);
}

}  // namespace hdrp
