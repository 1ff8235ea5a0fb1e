#include "obtain/guided_upsample.h"

#include <algorithm>
#include <cassert>

#include "gainmap/gain.h"

namespace hdrp {
namespace {

/// Calls body(x0, x1, y0, y1, x, y) with the window around each pixel, cut at the borders.
template <typename Body>
void ForEachWindow(int width, int height, int radius, Body body) {
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      body(std::max(0, x - radius), std::min(width, x + radius + 1), std::max(0, y - radius),
           std::min(height, y + radius + 1), x, y);
    }
  }
}

struct Line {
  Plane<float> slope, offset;
};

/// gain = slope * guide + offset in the window around each pixel.
[[nodiscard]] Line FittedLines(PlaneView<const float> gain, PlaneView<const float> guide) {
  Line line{Plane<float>(gain.width, gain.height), Plane<float>(gain.width, gain.height)};
  ForEachWindow(gain.width, gain.height, kGuidedRadius, [&](int x0, int x1, int y0, int y1, int x, int y) {
    double sum_i = 0;
    double sum_p = 0;
    double sum_ii = 0;
    double sum_ip = 0;
    for (int row = y0; row < y1; ++row) {
      for (int column = x0; column < x1; ++column) {
        const double i = static_cast<double>(guide.Row(row)[column]);
        const double p = static_cast<double>(gain.Row(row)[column]);
        sum_i += i;
        sum_p += p;
        sum_ii += i * i;
        sum_ip += i * p;
      }
    }
    const double count = static_cast<double>(x1 - x0) * (y1 - y0);
    const double mean_i = sum_i / count;
    const double mean_p = sum_p / count;
    const double variance = std::max(0.0, sum_ii / count - mean_i * mean_i);
    const double slope = (sum_ip / count - mean_i * mean_p) / (variance + kGuidedFlatVariance);
    line.slope.Row(y)[x] = static_cast<float>(slope);
    line.offset.Row(y)[x] = static_cast<float>(mean_p - slope * mean_i);
  });
  return line;
}

[[nodiscard]] Plane<float> WindowMean(PlaneView<const float> samples) {
  Plane<float> mean(samples.width, samples.height);
  ForEachWindow(samples.width, samples.height, kGuidedRadius, [&](int x0, int x1, int y0, int y1, int x, int y) {
    double sum = 0;
    for (int row = y0; row < y1; ++row) {
      for (int column = x0; column < x1; ++column) sum += static_cast<double>(samples.Row(row)[column]);
    }
    mean.Row(y)[x] = static_cast<float>(sum / (static_cast<double>(x1 - x0) * (y1 - y0)));
  });
  return mean;
}

struct Range {
  Plane<float> least, greatest;
};

[[nodiscard]] Range NearbyRange(PlaneView<const float> samples) {
  Range range{Plane<float>(samples.width, samples.height), Plane<float>(samples.width, samples.height)};
  ForEachWindow(samples.width, samples.height, 1, [&](int x0, int x1, int y0, int y1, int x, int y) {
    float least = samples.Row(y)[x];
    float greatest = least;
    for (int row = y0; row < y1; ++row) {
      const auto [low, high] = std::minmax_element(samples.Row(row) + x0, samples.Row(row) + x1);
      least = std::min(least, *low);
      greatest = std::max(greatest, *high);
    }
    range.least.Row(y)[x] = least;
    range.greatest.Row(y)[x] = greatest;
  });
  return range;
}

}  // namespace

Plane<float> GuidedUpsampled(PlaneView<const float> gain, PlaneView<const float> coarse_guide,
                             PlaneView<const float> fine_guide) {
  assert(gain.width == coarse_guide.width && gain.height == coarse_guide.height);
  const auto enlarged = [&](const Plane<float>& coarse) {
    return Resized(coarse.view(), fine_guide.width, fine_guide.height);
  };
  Line line = FittedLines(gain, coarse_guide);
  const Plane<float> slope = enlarged(WindowMean(line.slope.view()));
  const Plane<float> offset = enlarged(WindowMean(line.offset.view()));
  const Range range = NearbyRange(gain);
  const Plane<float> least = enlarged(range.least);
  const Plane<float> greatest = enlarged(range.greatest);
  Plane<float> fine(fine_guide.width, fine_guide.height);
  for (int y = 0; y < fine.height(); ++y) {
    for (int x = 0; x < fine.width(); ++x) {
      const float value = slope.Row(y)[x] * fine_guide.Row(y)[x] + offset.Row(y)[x];
      const float low = least.Row(y)[x];
      fine.Row(y)[x] = std::clamp(value, low, std::max(low, greatest.Row(y)[x]));
    }
  }
  return fine;
}

}  // namespace hdrp
