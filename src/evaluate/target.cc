#include "evaluate/target.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace hdrp {
namespace {

/// The map's codes as shares of 255, at this size.
[[nodiscard]] Plane<float> SharesAt(PlaneView<const std::uint8_t> codes, int width, int height) {
  Plane<float> shares(codes.width, codes.height, codes.channels);
  for (int y = 0; y < codes.height; ++y) {
    std::ranges::transform(codes.RowSpan(y), shares.Row(y),
                           [](std::uint8_t code) { return static_cast<float>(code) / 255; });
  }
  return Resized(shares.view(), width, height);
}

/// ISO 21496-1: light of one channel of the alternate image (docs/formulas.md).
[[nodiscard]] double HdrLinear(double sdr, double share, const GainMapMetadata& m, std::size_t c) {
  const double stops =
      m.gain_map_min[c] + (m.gain_map_max[c] - m.gain_map_min[c]) * std::pow(share, 1 / m.gamma[c]);
  return (sdr + m.base_offset[c]) * std::exp2(stops) - m.alternate_offset[c];
}

}  // namespace

Expected<Plane<float>> TargetStops(PlaneView<const float> base, const EncodedGainMap& map) {
  const Plane<float> shares = SharesAt(map.codes.view(), base.width, base.height);
  Plane<float> target(base.width, base.height);
  for (int y = 0; y < base.height; ++y) {
    for (int x = 0; x < base.width; ++x) {
      double sdr_luminance = 0;
      double hdr_luminance = 0;
      for (int c = 0; c < 3; ++c) {
        const auto k = static_cast<std::size_t>(c);
        const double sdr = static_cast<double>(base.At(x, y, c));
        const double share =
            static_cast<double>(shares.view().At(x, y, shares.channels() == 1 ? 0 : c));
        sdr_luminance += kTargetLuminance[k] * sdr;
        hdr_luminance +=
            kTargetLuminance[k] * std::max(HdrLinear(sdr, share, map.metadata, k), 0.0);
      }
      const double stops =
          std::log2((hdr_luminance + kTargetOffsetLinear) / (sdr_luminance + kTargetOffsetLinear));
      if (!std::isfinite(stops)) {
        return Fail(ErrorCode::kUnsupported, "gain map",
                    "expected finite gains, found {} at {}, {} of the reduced picture", stops, x,
                    y);
      }
      target.Row(y)[x] = static_cast<float>(stops);
    }
  }
  return target;
}

double QuantileOf(PlaneView<const float> samples, double share) {
  std::vector<float> sorted;
  for (int y = 0; y < samples.height; ++y) {
    const auto row = samples.RowSpan(y);
    sorted.insert(sorted.end(), row.begin(), row.end());
  }
  std::ranges::sort(sorted);
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  const auto low = static_cast<double>(sorted[below]);
  return low + (at - static_cast<double>(below)) * (static_cast<double>(sorted[above]) - low);
}

}  // namespace hdrp
