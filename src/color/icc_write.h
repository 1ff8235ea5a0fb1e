// The profiles that we embed: small ICC version 4 display profiles.
// Source: ICC.1:2022. Built by hand, so the same bytes every time: no date, no creator, no id.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "color/color_spec.h"

namespace hdrp {

inline constexpr Chromaticities kAdobeRgbPrimaries{
    {0.64, 0.33}, {0.21, 0.71}, {0.15, 0.06}, {0.3127, 0.3290}};

enum class IccCurve : std::uint8_t {
  kSrgb,
  kAdobe,  ///< the power 563 / 256
};

/// `description` is ASCII. The primaries must span a gamut.
[[nodiscard]] Bytes WriteIccProfile(std::string_view description, const Chromaticities& primaries,
                                    IccCurve curve = IccCurve::kSrgb);

[[nodiscard]] inline Bytes SrgbIccProfile() { return WriteIccProfile("sRGB", kRec709Primaries); }
[[nodiscard]] inline Bytes DisplayP3IccProfile() {
  return WriteIccProfile("Display P3", kDisplayP3Primaries);
}
[[nodiscard]] inline Bytes AdobeRgbIccProfile() {
  return WriteIccProfile("Compatible with Adobe RGB (1998)", kAdobeRgbPrimaries, IccCurve::kAdobe);
}

}  // namespace hdrp
