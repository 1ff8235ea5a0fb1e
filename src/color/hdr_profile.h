// Pictures that say in their ICC profile alone that they are HDR, or linear.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"
#include "color/color_spec.h"

namespace hdrp {

/// `spec` with what its profile says of the coding. A profile that means PQ or HLG becomes that
/// transfer with its primaries, and `icc` is empty then: its own curves lead to an SDR rendering.
/// One that means linear light sets the transfer, and stays. Every other spec comes back as it was.
///
/// The profile's `cicp` tag counts; else the luminance that the profile gives to greys: PQ's and
/// HLG's curves have a shape that no SDR curve comes near, whatever they are scaled to and even
/// where the profile maps their highlights down.
[[nodiscard]] ColorSpec WithProfileRead(ColorSpec spec);

/// Linear light of code 1 in a profile whose curves go on above SDR white; 1 for every other one.
[[nodiscard]] double PeakOfProfile(ByteView icc);

/// Why a picture of this coding (after WithProfileRead) is no SDR picture: "PQ", "HLG", or how far
/// its profile goes above SDR white; nullopt where it is one. Linear light is: its 1.0 is white.
[[nodiscard]] std::optional<std::string> HdrCodingOf(const ColorSpec& spec);

/// The primaries of any RGB profile, tables or not: its `cicp` tag's, its colorants', else those
/// its colours lead to; adapted to D65. nullopt where it has none (grey, CMYK, damage).
[[nodiscard]] std::optional<Chromaticities> PrimariesOfProfile(ByteView icc);

}  // namespace hdrp
