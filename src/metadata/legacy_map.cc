#include "metadata/legacy_map.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>

namespace hdrp {
namespace {

[[nodiscard]] bool IsUsable(double headroom_stops) {
  return headroom_stops > 0 && headroom_stops <= kMostLegacyStops;  // false for NaN too
}

/// How many of a one-channel map's pixels have each code, as shares of all.
[[nodiscard]] std::array<double, 256> SharesOfCodes(PlaneView<const std::uint8_t> codes) {
  std::array<std::size_t, 256> counts{};
  for (int y = 0; y < codes.height; ++y) {
    for (const std::uint8_t code : codes.RowSpan(y)) ++counts[code];
  }
  const double pixels = static_cast<double>(codes.width) * static_cast<double>(codes.height);
  std::array<double, 256> shares{};
  std::ranges::transform(counts, shares.begin(), [pixels](std::size_t count) {
    return static_cast<double>(count) / pixels;
  });
  return shares;
}

[[nodiscard]] std::array<double, 256> StopsOfLegacyCodes(double headroom_linear,
                                                         AppleTransfer transfer) {
  std::array<double, 256> stops{};
  for (std::size_t code = 0; code < stops.size(); ++code) {
    stops[code] = LegacyGainStops(static_cast<double>(code) / 255, headroom_linear, transfer);
  }
  return stops;
}

/// The lowest and the highest of H * (code / 255)^(1 / gamma) - G(code); both grow with gamma.
struct Deviation {
  double low = 0, high = 0;
};

[[nodiscard]] Deviation DeviationAt(double gamma, double headroom_stops,
                                    const std::array<double, 256>& legacy_stops) {
  Deviation deviation;
  for (std::size_t code = 0; code < legacy_stops.size(); ++code) {
    const double share = std::pow(static_cast<double>(code) / 255, 1 / gamma);
    const double difference = headroom_stops * share - legacy_stops[code];
    deviation.low = std::min(deviation.low, difference);
    deviation.high = std::max(deviation.high, difference);
  }
  return deviation;
}

}  // namespace

std::array<std::uint8_t, 256> LegacyCodesFrom(const GainMapMetadata& metadata,
                                              AppleTransfer transfer) {
  std::array<std::uint8_t, 256> codes{};
  const double headroom_stops = metadata.alternate_hdr_headroom;
  if (!IsUsable(headroom_stops)) return codes;
  const std::array<float, 256> gains = StopsOfCodes(metadata, 0);
  for (std::size_t code = 0; code < codes.size(); ++code) {
    const double gain = std::min(static_cast<double>(gains[code]), headroom_stops);
    if (!(gain > 0)) continue;  // also where a number is missing (NaN)
    const double linear = (std::exp2(gain) - 1) / (std::exp2(headroom_stops) - 1);
    const double sample = std::clamp(LegacyFromLinear(linear, transfer), 0.0, 1.0);
    codes[code] = static_cast<std::uint8_t>(std::floor(255 * sample + 0.5));
  }
  return codes;
}

LegacyFit FitLegacyGamma(double headroom_stops, AppleTransfer transfer) {
  if (!IsUsable(headroom_stops)) return {};
  const std::array<double, 256> legacy_stops =
      StopsOfLegacyCodes(std::exp2(headroom_stops), transfer);
  // Every code's gain grows with gamma. The largest error is least where the gains that are too
  // high are as wrong as those that are too low. The gamma lies between these ends for every
  // headroom up to kMostLegacyStops; 60 halvings exhaust a double.
  double below = 0.05;
  double above = 100;
  for (int i = 0; i < 60; ++i) {
    const double gamma = (below + above) / 2;
    const Deviation deviation = DeviationAt(gamma, headroom_stops, legacy_stops);
    (deviation.high + deviation.low < 0 ? below : above) = gamma;
  }
  const Deviation deviation = DeviationAt(above, headroom_stops, legacy_stops);
  return {above, std::max(deviation.high, -deviation.low)};
}

std::optional<EncodedGainMap> CodedForBothReadings(const EncodedGainMap& map,
                                                   AppleTransfer transfer) {
  const double headroom_stops = map.metadata.alternate_hdr_headroom;
  if (map.codes.empty() || map.codes.channels() != 1 || !IsUsable(headroom_stops)) {
    return std::nullopt;
  }

  const double tolerance_stops = headroom_stops / 510;  // no more than coding it costs
  const std::array<float, 256> gains = StopsOfCodes(map.metadata, 0);
  const std::array<double, 256> shares = SharesOfCodes(map.codes.view());
  double outside = 0;  // all codes together: a tail of many rare ones must not be clipped either
  Log2Gain gain_of_code{Plane<float>(256, 1)};
  for (std::size_t code = 0; code < gains.size(); ++code) {
    const double stops = static_cast<double>(gains[code]);
    const bool fits = stops >= -tolerance_stops && stops <= headroom_stops + tolerance_stops;
    if (!fits) outside += shares[code];
    gain_of_code.stops.view().At(static_cast<int>(code), 0) = gains[code];
  }
  if (outside > kNegligibleShare) return std::nullopt;

  GainMapMetadata metadata = map.metadata;
  metadata.gain_map_min.fill(0);
  metadata.gain_map_max.fill(headroom_stops);
  metadata.gamma.fill(FitLegacyGamma(headroom_stops, transfer).gamma);
  metadata.fractions.reset();
  // One row with every code once is the table of the conversion.
  const EncodedGainMap table = EncodeGain(gain_of_code, metadata);
  EncodedGainMap coded{Plane<std::uint8_t>(map.codes.width(), map.codes.height()), metadata};
  for (int y = 0; y < map.codes.height(); ++y) {
    std::ranges::transform(map.codes.view().RowSpan(y), coded.codes.view().RowSpan(y).begin(),
                           [&table](std::uint8_t code) { return table.codes.view().At(code, 0); });
  }
  return coded;
}

double LegacyReadingError(const EncodedGainMap& map, double headroom_linear,
                          AppleTransfer transfer) {
  assert(map.codes.channels() == 1 && headroom_linear >= 1);
  const std::array<float, 256> iso_stops = StopsOfCodes(map.metadata, 0);
  const std::array<double, 256> legacy_stops = StopsOfLegacyCodes(headroom_linear, transfer);
  const std::array<double, 256> shares = SharesOfCodes(map.codes.view());
  double error_stops = 0;
  for (std::size_t code = 0; code < shares.size(); ++code) {
    if (shares[code] < kNegligibleShare) continue;
    error_stops =
        std::max(error_stops, std::abs(legacy_stops[code] - static_cast<double>(iso_stops[code])));
  }
  return error_stops;
}

}  // namespace hdrp
