// The two forms of a gain map: stops before quantisation, codes with their metadata after it; and
// the conversions between them. Formulas: ISO 21496-1 (docs/formulas.md lists them).
#pragma once

#include <array>
#include <cstdint>

#include "base/orientation.h"
#include "base/plane.h"
#include "base/rows.h"
#include "gainmap/metadata.h"

namespace hdrp {

/// Gains in stops at full headroom, 1 or 3 interleaved channels.
struct Log2Gain {
  Plane<float> stops;
};

/// Codes 0..255, 1 or 3 interleaved channels, in the raster of the base image's stored pixels (any
/// size of the same aspect).
struct EncodedGainMap {
  Plane<std::uint8_t> codes;
  GainMapMetadata metadata;
};

/// Gain in stops for each code: min + (max - min) * (code / 255)^(1 / gamma), within +-10^6.
[[nodiscard]] std::array<float, 256> StopsOfCodes(const GainMapMetadata& metadata, int channel);

[[nodiscard]] Log2Gain DecodeGain(const EncodedGainMap& map);

/// floor(255 * clamp((gain - min) / (max - min), 0, 1)^gamma + 0.5), every channel with its own
/// numbers (a one-channel map uses channel 0).
[[nodiscard]] EncodedGainMap EncodeGain(const Log2Gain& gain, const GainMapMetadata& metadata);

/// The samples resized to width x height by normalised coordinates,
/// x_in = (x + 0.5) * w_in / w - 0.5: per axis bilinear when enlarging, area average when reducing.
[[nodiscard]] Plane<float> Resized(PlaneView<const float> samples, int width, int height);
[[nodiscard]] Plane<float> Resized(PlaneView<const std::int16_t> samples, int width, int height);
/// The gain resized so (log domain throughout).
[[nodiscard]] Log2Gain ResizeGain(const Log2Gain& gain, int width, int height);

/// The samples with `orientation`'s operation applied (see StepsOf).
[[nodiscard]] Plane<std::uint8_t> Oriented(PlaneView<const std::uint8_t> image,
                                           Orientation orientation);
[[nodiscard]] Plane<float> Oriented(PlaneView<const float> image, Orientation orientation);

/// True where the three channels differ by at most 2 codes everywhere but for a share of 1e-4 of
/// the pixels, or where there is one channel: a grey map stored as colour.
[[nodiscard]] bool IsNeutral(PlaneView<const std::uint8_t> codes);

/// One channel of a neutral three-channel map (its green samples), with channel 0's metadata.
[[nodiscard]] EncodedGainMap SingleChannel(const EncodedGainMap& map);

/// A one-channel map as three equal channels, so that each can have its own numbers.
[[nodiscard]] EncodedGainMap ThreeChannels(const EncodedGainMap& map);

/// ISO 21496-1 weight of a display with this headroom: clamp((H - base) / (alternate - base), 0,
/// 1); 0 where both are equal.
[[nodiscard]] double WeightOf(const GainMapMetadata& metadata, double display_headroom_stops);

}  // namespace hdrp
