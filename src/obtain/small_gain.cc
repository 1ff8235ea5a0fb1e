#include "obtain/small_gain.h"

#include <algorithm>

#include "base/aspect.h"
#include "gainmap/gain.h"

namespace hdrp {
namespace {

/// The map's codes, whatever form it is in; the map stays as it is.
[[nodiscard]] Expected<EncodedGainMap> CodesOf(const MapInProgress& map, const Limits& limits) {
  if (map.codes) return EncodedGainMap{map.codes->codes.Clone(), map.metadata};
  MapInProgress copy;
  copy.stored = map.stored;
  copy.metadata = map.metadata;
  HDRP_RETURN_IF_ERROR(EnsureCodes(copy, limits));
  return *std::move(copy.codes);
}

}  // namespace

Expected<Plane<float>> SmallGain(const MapInProgress& map, Orientation orientation,
                                 const Limits& limits) {
  HDRP_ASSIGN_OR_RETURN(const EncodedGainMap codes, CodesOf(map, limits));
  const Log2Gain gain = DecodeGain(codes);
  const int channels = gain.stops.channels();
  Plane<float> highest(gain.stops.width(), gain.stops.height());
  for (int y = 0; y < highest.height(); ++y) {
    for (int x = 0; x < highest.width(); ++x) {
      const float* stops = gain.stops.Row(y) + x * channels;
      highest.Row(y)[x] = *std::max_element(stops, stops + channels);
    }
  }
  const double scale = std::min(
      1.0, static_cast<double>(kSmallGainSide) / std::max(highest.width(), highest.height()));
  const RasterSize size = Scaled({highest.width(), highest.height()}, scale);
  const Plane<float> small = Resized(highest.view(), size.width, size.height);
  return Oriented(small.view(), orientation);
}

}  // namespace hdrp
