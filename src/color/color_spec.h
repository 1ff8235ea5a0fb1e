// What the samples of a picture mean, as its file says it. Names: ITU-T H.273.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace hdrp {

/// CIE 1931 xy of red, green, blue and white.
struct Chromaticities {
  std::array<double, 2> red{0.64, 0.33}, green{0.30, 0.60}, blue{0.15, 0.06}, white{0.3127, 0.3290};
  friend bool operator==(const Chromaticities&, const Chromaticities&) = default;
};
inline constexpr Chromaticities kRec709Primaries{};
inline constexpr Chromaticities kDisplayP3Primaries{
    {0.680, 0.320}, {0.265, 0.690}, {0.150, 0.060}, {0.3127, 0.3290}};
inline constexpr Chromaticities kRec2020Primaries{
    {0.708, 0.292}, {0.170, 0.797}, {0.131, 0.046}, {0.3127, 0.3290}};

/// What a display or scene shows as SDR white: 1.0 of every linear picture here (ITU-R BT.2408).
inline constexpr double kSdrWhiteNits = 203;

enum class Transfer : std::uint8_t {
  kLinear,   ///< H.273 code 8; also every float picture without a profile
  kSrgb,     ///< 13
  kRec709,   ///< 1, 6, 14, 15, read as displayed: BT.1886's power 2.4
  kGamma22,  ///< 4
  kGamma28,  ///< 5
  kPq,       ///< 16: SMPTE ST 2084
  kHlg,      ///< 18: ARIB STD-B67
};

struct ColorSpec {
  Transfer transfer = Transfer::kSrgb;
  Chromaticities primaries = kRec709Primaries;
  /// The embedded profile. Where it is not empty it counts, and transfer and primaries say nothing
  /// (the reader has already preferred cICP or nclx PQ and HLG to a profile, and left this empty;
  /// where the profile means linear light the transfer says so too: color/hdr_profile.h).
  Bytes icc = {};
  /// False where the file said nothing and the values above are the format's custom.
  bool stated = false;
  /// Luminance of linear (1, 1, 1), where a scene-linear file says so (OpenEXR whiteLuminance).
  std::optional<double> white_nits = std::nullopt;
};

}  // namespace hdrp
