#include "predict/guided_upsample.h"

#include <algorithm>

#include "gainmap/gain.h"

namespace hdrp {
namespace {

struct Range {
  Plane<float> least, greatest;
};

/// Of each sample and its eight neighbours.
[[nodiscard]] Range NearbyRange(PlaneView<const float> samples) {
  Range range{Plane<float>(samples.width, samples.height),
              Plane<float>(samples.width, samples.height)};
  for (int y = 0; y < samples.height; ++y) {
    for (int x = 0; x < samples.width; ++x) {
      float least = samples.Row(y)[x];
      float greatest = least;
      for (int row = std::max(0, y - 1); row <= std::min(y + 1, samples.height - 1); ++row) {
        const auto [low, high] =
            std::minmax_element(samples.Row(row) + std::max(0, x - 1),
                                samples.Row(row) + std::min(samples.width, x + 2));
        least = std::min(least, *low);
        greatest = std::max(greatest, *high);
      }
      range.least.Row(y)[x] = least;
      range.greatest.Row(y)[x] = greatest;
    }
  }
  return range;
}

}  // namespace

Plane<float> GuidedUpsampled(PlaneView<const float> gain, PlaneView<const float> coarse_guide,
                             PlaneView<const float> fine_guide) {
  Plane<float> fine = AlongGuide(FitGuideLines(gain, coarse_guide, kGainAlongLuma), fine_guide);
  const Range range = NearbyRange(gain);
  const Plane<float> least = Resized(range.least.view(), fine.width(), fine.height());
  const Plane<float> greatest = Resized(range.greatest.view(), fine.width(), fine.height());
  for (int y = 0; y < fine.height(); ++y) {
    for (int x = 0; x < fine.width(); ++x) {
      const float low = least.Row(y)[x];
      fine.Row(y)[x] = std::clamp(fine.Row(y)[x], low, std::max(low, greatest.Row(y)[x]));
    }
  }
  return fine;
}

}  // namespace hdrp
