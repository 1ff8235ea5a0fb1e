// Code points of ITU-T H.273 as this project's words: shared by PNG (cICP), HEIF and AVIF (nclx)
// and whoever else stores them.
#pragma once

#include <optional>
#include <string_view>

#include "base/error.h"
#include "color/color_spec.h"

namespace hdrp {

/// H.273 table 2, those with white D65: 1, 5, 6, 7, 9, 12, 22. (The others would need a chromatic
/// adaptation that no file of theirs describes.)
[[nodiscard]] std::optional<Chromaticities> PrimariesFromH273(unsigned code);

/// H.273 table 3: 1, 4, 5, 6, 8, 13, 14, 15, 16, 18.
[[nodiscard]] std::optional<Transfer> TransferFromH273(unsigned code);

inline constexpr unsigned kH273Unspecified = 2;

/// What a file says in code points; also the two that it left unspecified.
struct H273Color {
  unsigned primaries = kH273Unspecified;
  unsigned transfer = kH273Unspecified;
};

/// The meaning of a file's code points and its ICC profile together. PQ and HLG code points win
/// over the profile (which can only approximate them), a profile over other code points. What is
/// unspecified is sRGB, and Rec. 2020 primaries for PQ and HLG, the only ones BT.2100 has for them.
/// unsupported for other code points without a profile.
[[nodiscard]] Expected<ColorSpec> ColorFrom(H273Color codes, ByteView icc, std::string_view where);

}  // namespace hdrp
