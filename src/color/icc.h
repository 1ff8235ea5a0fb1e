// ICC profiles through lcms2: what a base image's code values mean in linear light.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "base/bytes.h"
#include "base/error.h"
#include "color/color_spec.h"

namespace hdrp {

/// A matrix-shaper RGB (or grey) profile as the pipeline uses it.
struct BaseColor {
  std::string description = "sRGB (no profile)";
  Chromaticities primaries = kRec709Primaries;
  /// Linear light of each 8-bit code, per channel; 1.0 at code 255.
  std::array<std::array<float, 256>, 3> linear_of_code{};
  /// Weights of luminance Y in linear RGB of these primaries; they add up to 1.
  std::array<double, 3> luminance{0.2126, 0.7152, 0.0722};
};

/// sRGB: what a base without a profile means.
[[nodiscard]] BaseColor SrgbColor();

/// One row of codes as linear RGB. `codes` holds as many values as `linear`, or a third of them for
/// grey pictures.
void LinearFromCodes(std::span<const std::uint8_t> codes, const BaseColor& color,
                     std::span<float> linear);

/// Reads a profile; primaries and weights are those of its colours adapted to D65 (Bradford).
/// bad_input when it is damaged; unsupported when it is not an RGB or grey
/// matrix/TRC profile (LUT or CMYK profiles). Where a profile has both kinds, the matrix counts.
[[nodiscard]] Expected<BaseColor> ReadIccProfile(ByteView profile);

/// True for a readable profile of RGB, of whatever kind.
[[nodiscard]] bool IsRgbProfile(ByteView profile);

/// Only the description text ("Display P3"), the English one where there are several; empty when it
/// cannot be read. UTF-8 of at most 256 characters, without control characters. Own, bounds-checked
/// reader of the `desc` tag, so that a transplant does not pay for lcms2.
[[nodiscard]] std::string IccDescription(ByteView profile);

}  // namespace hdrp
