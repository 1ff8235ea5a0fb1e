// An ISO 21496-1 gain map for readers of Apple's legacy metadata: its codes converted, or one set
// of codes that both readings understand, and what the legacy reading then gets wrong.
// Everything is for full headroom: at a part of it the two definitions differ (Apple clamps the
// linear headroom, ISO scales the stops). Offsets have no legacy counterpart and count as 0.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "gainmap/gain.h"
#include "gainmap/metadata.h"
#include "metadata/apple.h"

namespace hdrp {

/// No format or display comes near; above it 2^H leaves the numbers that a float holds.
inline constexpr double kMostLegacyStops = 64;

/// The inverse of IsoCodesFromLegacy: each code of a map with these numbers (channel 0's) as a
/// legacy code for the headroom h = 2^alternate_hdr_headroom: floor(255 * v + 0.5) with
/// v = L^-1((2^g - 1) / (h - 1)), its gain g clamped to 0..log2 h. All 0 unless the
/// headroom is within 0..kMostLegacyStops.
[[nodiscard]] std::array<std::uint8_t, 256> LegacyCodesFrom(const GainMapMetadata& metadata,
                                                            AppleTransfer transfer);

struct LegacyFit {
  double gamma = 1;
  double max_error_stops = 0;
};

/// The gamma with which H * (code / 255)^(1 / gamma) is nearest to the legacy meaning of the same
/// codes, and the largest difference over all 256 (minimax). gamma 1 and error 0 unless
/// 0 < H <= kMostLegacyStops.
[[nodiscard]] LegacyFit FitLegacyGamma(double headroom_stops, AppleTransfer transfer);

/// So many of the pixels may be clipped, and no error is measured on codes that fewer have.
inline constexpr double kNegligibleShare = 1e-4;

/// A one-channel map recoded with min 0, max H = alternate_hdr_headroom and gamma
/// FitLegacyGamma(H), so that an ISO reader sees the same gains and a legacy reader with headroom
/// 2^H sees them within max_error_stops. Offsets and headrooms stay, fractions are reset.
/// nullopt where that cannot be coded: an empty map, three channels, no usable headroom, or
/// more than kNegligibleShare of the pixels with gains outside 0..H by over half a code (H / 510).
[[nodiscard]] std::optional<EncodedGainMap> CodedForBothReadings(const EncodedGainMap& map,
                                                                 AppleTransfer transfer);

/// The largest |legacy gain - ISO gain| in stops over the codes of a one-channel map that at least
/// kNegligibleShare of its pixels have: what a reader that knows the samples and this headroom
/// alone sees wrong. Precondition: headroom >= 1.
[[nodiscard]] double LegacyReadingError(const EncodedGainMap& map, double headroom_linear,
                                        AppleTransfer transfer);

}  // namespace hdrp
