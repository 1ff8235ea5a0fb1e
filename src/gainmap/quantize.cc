#include <algorithm>
#include <cmath>

#include "gainmap/gain.h"

namespace hdrp {
namespace {

/// More than any light needs, and few enough that interpolating between them stays finite.
constexpr double kLargestStops = 1e6;

/// Which of the metadata's channels the samples' channel c uses.
[[nodiscard]] std::size_t MetadataChannel(int c, int channels) {
  return channels == 1 ? 0 : static_cast<std::size_t>(c);
}

[[nodiscard]] std::uint8_t CodeOf(double stops, const GainMapMetadata& m, std::size_t c) {
  const double range = m.gain_map_max[c] - m.gain_map_min[c];
  const double above = stops - m.gain_map_min[c];
  if (!(range > 0 && above > 0)) return 0;  // also where a number is missing (NaN)
  const double share = std::min(above / range, 1.0);
  const double shaped = m.gamma[c] == 1 ? share : std::pow(share, m.gamma[c]);
  return static_cast<std::uint8_t>(std::floor(255 * shaped + 0.5));
}

}  // namespace

std::array<float, 256> StopsOfCodes(const GainMapMetadata& metadata, int channel) {
  const auto c = static_cast<std::size_t>(channel);
  std::array<float, 256> stops{};
  for (std::size_t code = 0; code < stops.size(); ++code) {
    const double share = std::pow(static_cast<double>(code) / 255, 1 / metadata.gamma[c]);
    const double gain = std::lerp(metadata.gain_map_min[c], metadata.gain_map_max[c], share);
    stops[code] = static_cast<float>(std::clamp(gain, -kLargestStops, kLargestStops));
  }
  return stops;
}

Log2Gain DecodeGain(const EncodedGainMap& map) {
  const int channels = map.codes.channels();
  std::array<std::array<float, 256>, 3> tables{};
  for (int c = 0; c < channels; ++c) {
    tables[static_cast<std::size_t>(c)] = StopsOfCodes(map.metadata, c);
  }
  Log2Gain gain{Plane<float>(map.codes.width(), map.codes.height(), channels)};
  for (int y = 0; y < map.codes.height(); ++y) {
    const auto codes = map.codes.view().RowSpan(y);
    const auto stops = gain.stops.view().RowSpan(y);
    for (std::size_t i = 0; i < codes.size(); ++i) {
      stops[i] = tables[channels == 1 ? 0 : i % 3][codes[i]];
    }
  }
  return gain;
}

EncodedGainMap EncodeGain(const Log2Gain& gain, const GainMapMetadata& metadata) {
  const int channels = gain.stops.channels();
  EncodedGainMap map{Plane<std::uint8_t>(gain.stops.width(), gain.stops.height(), channels),
                     metadata};
  for (int y = 0; y < gain.stops.height(); ++y) {
    const auto stops = gain.stops.view().RowSpan(y);
    const auto codes = map.codes.view().RowSpan(y);
    for (std::size_t i = 0; i < stops.size(); ++i) {
      const int c = static_cast<int>(i % static_cast<std::size_t>(channels));
      codes[i] = CodeOf(static_cast<double>(stops[i]), metadata, MetadataChannel(c, channels));
    }
  }
  return map;
}

bool IsNeutral(PlaneView<const std::uint8_t> codes) {
  if (codes.channels == 1) return true;
  constexpr int kMaxSpread = 2;
  constexpr double kMaxShare = 1e-4;
  std::size_t coloured = 0;
  for (int y = 0; y < codes.height; ++y) {
    const std::uint8_t* row = codes.Row(y);
    for (int x = 0; x < codes.width; ++x, row += codes.channels) {
      const auto [low, high] = std::minmax({row[0], row[1], row[2]});
      coloured += high - low > kMaxSpread ? 1U : 0U;
    }
  }
  return static_cast<double>(coloured) <=
         kMaxShare * static_cast<double>(codes.width) * static_cast<double>(codes.height);
}

EncodedGainMap SingleChannel(const EncodedGainMap& map) {
  EncodedGainMap single{Plane<std::uint8_t>(map.codes.width(), map.codes.height()), map.metadata};
  for (int y = 0; y < map.codes.height(); ++y) {
    const auto row = single.codes.view().RowSpan(y);
    for (std::size_t x = 0; x < row.size(); ++x) {
      row[x] = map.codes.view().At(static_cast<int>(x), y, map.codes.channels() == 1 ? 0 : 1);
    }
  }
  return single;
}

EncodedGainMap ThreeChannels(const EncodedGainMap& map) {
  EncodedGainMap three{Plane<std::uint8_t>(map.codes.width(), map.codes.height(), 3), map.metadata};
  for (int y = 0; y < map.codes.height(); ++y) {
    std::uint8_t* out = three.codes.Row(y);
    for (const std::uint8_t code : map.codes.view().RowSpan(y)) out = std::fill_n(out, 3, code);
  }
  return three;
}

double WeightOf(const GainMapMetadata& metadata, double display_headroom_stops) {
  const double span = metadata.alternate_hdr_headroom - metadata.base_hdr_headroom;
  if (span == 0) return 0;
  return std::clamp((display_headroom_stops - metadata.base_hdr_headroom) / span, 0.0, 1.0);
}

}  // namespace hdrp
