#include "gainmap/one_gain.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace hdrp {

OneGain ReducedToOneGain(const EncodedGainMap& map, const std::array<double, 3>& luminance) {
  GainMapMetadata metadata = map.metadata;
  metadata.fractions.reset();
  metadata.gain_map_min.fill(std::ranges::min(map.metadata.gain_map_min));
  metadata.gain_map_max.fill(std::ranges::max(map.metadata.gain_map_max));
  metadata.gamma.fill(map.metadata.gamma[0]);
  metadata.base_offset.fill(map.metadata.base_offset[0]);
  metadata.alternate_offset.fill(map.metadata.alternate_offset[0]);

  const Log2Gain gain = DecodeGain(map);
  Log2Gain one{Plane<float>(gain.stops.width(), gain.stops.height())};
  std::vector<float> differences;
  differences.reserve(static_cast<std::size_t>(gain.stops.width()) *
                      static_cast<std::size_t>(gain.stops.height()));
  for (int y = 0; y < gain.stops.height(); ++y) {
    const auto stops = gain.stops.view().RowSpan(y);
    const auto mean = one.stops.view().RowSpan(y);
    for (std::size_t x = 0; x < mean.size(); ++x) {
      float sum = 0;
      float difference = 0;
      for (std::size_t c = 0; c < 3; ++c)
        sum += static_cast<float>(luminance[c]) * stops[3 * x + c];
      for (std::size_t c = 0; c < 3; ++c) {
        difference = std::max(difference, std::abs(stops[3 * x + c] - sum));
      }
      mean[x] = sum;
      differences.push_back(difference);
    }
  }
  const auto rank =
      differences.begin() + static_cast<std::ptrdiff_t>(differences.size() * 99 / 100);
  std::ranges::nth_element(differences, rank);
  return {EncodeGain(one, metadata), static_cast<double>(*rank)};
}

}  // namespace hdrp
