// Apple's legacy gain map (before ISO 21496-1): headroom from XMP or MakerNote, and the exact
// conversion of its samples to log2 codes.
// Source: Apple, "Applying Apple HDR effect to your photos"; measured against files that carry both
// kinds of metadata.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "gainmap/metadata.h"

namespace hdrp {

/// The curve of the map's samples, which public sources do not agree on.
enum class AppleTransfer : std::uint8_t { kGamma22, kSrgb, kRec709 };

/// L: linear light of a legacy sample v in 0..1, 1 at v = 1.
[[nodiscard]] double LinearFromLegacy(double v, AppleTransfer transfer);
/// Its inverse, for linear light in 0..1.
[[nodiscard]] double LegacyFromLinear(double linear, AppleTransfer transfer);

/// The legacy reading of a sample v in 0..1: log2(1 + (headroom_linear - 1) * L(v)) stops.
[[nodiscard]] double LegacyGainStops(double v, double headroom_linear, AppleTransfer transfer);

struct AppleMakerNote {
  std::optional<double> tag33;  ///< HDRHeadroom
  std::optional<double> tag48;  ///< HDRGain
};

/// Reads tags 0x21 and 0x30 from a MakerNote that starts with "Apple iOS"; empty fields when the
/// tags or the header are missing or damaged.
[[nodiscard]] AppleMakerNote ReadAppleMakerNote(ByteView maker_note);

/// Linear headroom (HDR white / SDR white) from the MakerNote's tags; nullopt when both are
/// missing. One missing tag counts as 0.
[[nodiscard]] std::optional<double> HeadroomLinearFrom(const AppleMakerNote& note);

/// Legacy meaning: HDR = SDR * (1 + (h - 1) * L(code / 255)). The table maps each legacy code to
/// floor(255 * G / H + 0.5) with G = LegacyGainStops, H = log2 h.
[[nodiscard]] std::array<std::uint8_t, 256> IsoCodesFromLegacy(double headroom_linear,
                                                               AppleTransfer transfer);

/// The metadata of the converted codes: min 0, max and alternate headroom log2(h), gamma 1, both
/// offsets 0.
[[nodiscard]] GainMapMetadata MetadataFromApple(double headroom_linear);

}  // namespace hdrp
