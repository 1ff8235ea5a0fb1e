// The numbers of a gain map, under ISO 21496-1's names, and the rules they must keep.
// Gains and headrooms are in stops (log2), offsets in linear light where 1.0 is SDR white.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"

namespace hdrp {

/// A number as ISO 21496-1 stores it. Signed fields keep numerators in the s32 range, unsigned
/// fields in the u32 range.
struct Fraction {
  std::int64_t numerator = 0;
  std::uint32_t denominator = 1;
  [[nodiscard]] double value() const {
    return static_cast<double>(numerator) / static_cast<double>(denominator);
  }
  friend bool operator==(const Fraction&, const Fraction&) = default;
};

/// One field of each kind per channel (R, G, B); equal in all three for one-channel metadata.
struct GainMapFractions {
  std::array<Fraction, 3> gain_map_min, gain_map_max, gamma, base_offset, alternate_offset;
  Fraction base_hdr_headroom, alternate_hdr_headroom;
  friend bool operator==(const GainMapFractions&, const GainMapFractions&) = default;
};

struct GainMapMetadata {
  std::array<double, 3> gain_map_min{0, 0, 0};  ///< stops
  std::array<double, 3> gain_map_max{0, 0, 0};  ///< stops
  std::array<double, 3> gamma{1, 1, 1};         ///< decode raises code/255 to 1/gamma
  std::array<double, 3> base_offset{1.0 / 64, 1.0 / 64, 1.0 / 64};
  std::array<double, 3> alternate_offset{1.0 / 64, 1.0 / 64, 1.0 / 64};
  double base_hdr_headroom = 0;       ///< stops; below alternate_hdr_headroom when the base is SDR
  double alternate_hdr_headroom = 0;  ///< stops
  bool use_base_color_space = true;   ///< gains live in the base image's primaries
  /// The fractions these numbers were read from, written back unchanged. Whoever changes a number
  /// must reset them.
  std::optional<GainMapFractions> fractions;

  /// True where one value serves all channels of every field.
  [[nodiscard]] bool IsSingleChannel() const;
};

/// What is done with the numbers decides how strict the rules are (reading tolerates more).
enum class MetadataUse : std::uint8_t { kRead, kWrite };

/// The constraints, listed once. Each broken rule is one sentence; empty when all are kept.
/// kRead: all finite, gamma > 0, max >= min, base headroom < alternate (a base that is itself HDR
/// is broken here; see IsHdrBase), except the degenerate black picture (max 0, headroom <= 1e-5).
/// kWrite: also max - min >= 1e-3, offsets >= 0, headrooms >= 0, alternate - base >= 1e-3, and
/// every number within 2147 (unless `fractions` are kept), so that its fraction fits.
[[nodiscard]] std::vector<std::string> BrokenRules(const GainMapMetadata& metadata,
                                                   MetadataUse use);

/// True where the metadata say that the base image is the HDR rendition.
[[nodiscard]] bool IsHdrBase(const GainMapMetadata& metadata);

/// The fractions to write: those read, or new ones with denominator 1,000,000, a larger power of
/// ten (up to 10^9) where the relative error would exceed 1e-6.
[[nodiscard]] GainMapFractions FractionsOf(const GainMapMetadata& metadata);

/// The numbers of these fractions (which the result keeps).
[[nodiscard]] GainMapMetadata MetadataFrom(const GainMapFractions& fractions,
                                           bool use_base_color_space);

/// `boost_stops` becomes the alternate headroom; gain_map_min and max scale by the same factor,
/// offsets stay. bad_argument unless 0.1 <= boost_stops <= 6.
[[nodiscard]] Expected<GainMapMetadata> WithBoost(const GainMapMetadata& metadata,
                                                  double boost_stops);

/// All gains times `strength`, and the alternate headroom with them: what WithBoost does, as a
/// share of the headroom. bad_argument unless 0 <= strength <= 1; no_gain_map where less than 0.001
/// stop of headroom is left.
[[nodiscard]] Expected<GainMapMetadata> WithStrength(const GainMapMetadata& metadata,
                                                     double strength);

}  // namespace hdrp
