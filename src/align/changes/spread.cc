#include "align/changes/spread.h"

#include <algorithm>
#include <utility>

#include "gainmap/gain.h"

namespace hdrp {
namespace {

struct Level {
  Plane<float> values, known;
};

/// Half of each side; a cell counts as known as far as its best pixel is.
[[nodiscard]] Level Coarser(PlaneView<const float> values, PlaneView<const float> known) {
  const int channels = values.channels;
  Level half{Plane<float>((values.width + 1) / 2, (values.height + 1) / 2, channels),
             Plane<float>((values.width + 1) / 2, (values.height + 1) / 2)};
  for (int y = 0; y < half.known.height(); ++y) {
    for (int x = 0; x < half.known.width(); ++x) {
      float weights = 0, best = 0;
      float* out = half.values.Row(y) + x * channels;
      for (int v = 2 * y; v < std::min(2 * y + 2, values.height); ++v) {
        for (int u = 2 * x; u < std::min(2 * x + 2, values.width); ++u) {
          const float weight = known.At(u, v);
          weights += weight;
          best = std::max(best, weight);
          for (int c = 0; c < channels; ++c) out[c] += weight * values.At(u, v, c);
        }
      }
      for (int c = 0; c < channels; ++c) out[c] = weights > 0 ? out[c] / weights : 0;
      half.known.Row(y)[x] = best;
    }
  }
  return half;
}

}  // namespace

Plane<float> Spread(PlaneView<const float> values, PlaneView<const float> known) {
  const int channels = values.channels;
  Plane<float> result(values.width, values.height, channels);
  Plane<float> around;
  if (values.width > 1 || values.height > 1) {
    const Level half = Coarser(values, known);
    around =
        Resized(Spread(half.values.view(), half.known.view()).view(), values.width, values.height);
  } else {
    around = Plane<float>(1, 1, channels);
  }
  for (int y = 0; y < values.height; ++y) {
    for (int x = 0; x < values.width; ++x) {
      const float share = known.At(x, y);
      for (int c = 0; c < channels; ++c) {
        const float rest = around.Row(y)[x * channels + c];
        result.Row(y)[x * channels + c] = rest + share * (values.At(x, y, c) - rest);
      }
    }
  }
  return result;
}

}  // namespace hdrp
