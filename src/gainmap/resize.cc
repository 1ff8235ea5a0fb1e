#include <algorithm>
#include <cmath>
#include <vector>

#include "gainmap/bilinear.h"
#include "gainmap/gain.h"

namespace hdrp {
namespace {

/// How one output sample is made of consecutive input samples along one axis.
struct Taps {
  int first = 0;
  std::vector<float> weights;  ///< add up to 1
};

/// Centre-aligned: bilinear when enlarging, exact area average when reducing.
[[nodiscard]] std::vector<Taps> TapsFor(int in, int out) {
  std::vector<Taps> all(static_cast<std::size_t>(out));
  const double scale = static_cast<double>(in) / out;
  for (int i = 0; i < out; ++i) {
    Taps& taps = all[static_cast<std::size_t>(i)];
    if (scale <= 1) {
      const BilinearTap tap = BilinearTapAt(i, out, in);
      taps.first = tap.first;
      taps.weights = {1 - tap.share};
      if (tap.share > 0) taps.weights.push_back(tap.share);
      continue;
    }
    const double begin = i * scale;
    const double end = std::min((i + 1) * scale, static_cast<double>(in));
    taps.first = static_cast<int>(begin);
    for (int k = taps.first; k < in && k < end; ++k) {
      const double covered = std::min(end, k + 1.0) - std::max(begin, static_cast<double>(k));
      taps.weights.push_back(static_cast<float>(covered / (end - begin)));
    }
  }
  return all;
}

template <typename T>
[[nodiscard]] Plane<float> ResizedFrom(PlaneView<const T> in, int width, int height) {
  const std::vector<Taps> columns = TapsFor(in.width, width);
  const std::vector<Taps> rows = TapsFor(in.height, height);
  Plane<float> result(width, height, in.channels);

  std::vector<float> blended(static_cast<std::size_t>(in.width) *
                             static_cast<std::size_t>(in.channels));
  for (int y = 0; y < height; ++y) {
    const Taps& vertical = rows[static_cast<std::size_t>(y)];
    std::ranges::fill(blended, 0.0F);
    for (std::size_t k = 0; k < vertical.weights.size(); ++k) {
      const auto row = in.RowSpan(vertical.first + static_cast<int>(k));
      for (std::size_t i = 0; i < row.size(); ++i)
        blended[i] += vertical.weights[k] * static_cast<float>(row[i]);
    }
    for (int x = 0; x < width; ++x) {
      const Taps& horizontal = columns[static_cast<std::size_t>(x)];
      for (int c = 0; c < in.channels; ++c) {
        float sum = 0;
        for (std::size_t k = 0; k < horizontal.weights.size(); ++k) {
          const std::size_t at = static_cast<std::size_t>(horizontal.first) + k;
          sum += horizontal.weights[k] *
                 blended[at * static_cast<std::size_t>(in.channels) + static_cast<std::size_t>(c)];
        }
        result.view().At(x, y, c) = sum;
      }
    }
  }
  return result;
}

}  // namespace

Plane<float> Resized(PlaneView<const float> samples, int width, int height) {
  return ResizedFrom(samples, width, height);
}

Plane<float> Resized(PlaneView<const std::int16_t> samples, int width, int height) {
  return ResizedFrom(samples, width, height);
}

Log2Gain ResizeGain(const Log2Gain& gain, int width, int height) {
  if (gain.stops.width() == width && gain.stops.height() == height) {
    return Log2Gain{gain.stops.Clone()};
  }
  return Log2Gain{Resized(gain.stops.view(), width, height)};
}

}  // namespace hdrp
