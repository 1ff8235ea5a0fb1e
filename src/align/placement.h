// How an edit lies in its reference, as a map of the one stored raster onto the other.
#pragma once

#include <algorithm>
#include <cmath>

#include "align/framing.h"
#include "align/homography.h"
#include "base/aspect.h"

namespace hdrp {

/// Both rasters as stored, and the map of displayed coordinates.
struct Placement {
  Raster edit, reference;
  Homography to_reference = kSameFraming;
};

/// True where no corner of the edit lies farther than four of the reference's pixels from where the
/// same framing has it.
[[nodiscard]] inline bool IsSameFraming(const Homography& to_reference, const Raster& reference) {
  const double few_pixels = 4.0 / std::max(reference.width, reference.height);
  for (const Point corner : {Point{0, 0}, Point{1, 0}, Point{0, 1}, Point{1, 1}}) {
    const Point p = Apply(to_reference, corner);
    if (!(std::abs(p.x - corner.x) <= few_pixels && std::abs(p.y - corner.y) <= few_pixels)) {
      return false;
    }
  }
  return true;
}

/// From the edit's stored raster to the reference's, normalised.
[[nodiscard]] constexpr Point InReference(const Placement& placement, Point stored) {
  const Point displayed = Displayed(stored, placement.edit.orientation);
  return Stored(Apply(placement.to_reference, displayed), placement.reference.orientation);
}

/// Reference samples (of `samples` across and down its stored raster) per step of one sample of the
/// edit (of `size`), along the edit's axes, at its middle.
struct StepLengths {
  double along_x, along_y;
};
[[nodiscard]] inline StepLengths StepsAtMiddle(const Placement& placement, RasterSize size,
                                               Point samples) {
  const Point middle = InReference(placement, {0.5, 0.5});
  const auto length = [&](Point to) {
    return std::hypot((to.x - middle.x) * samples.x, (to.y - middle.y) * samples.y);
  };
  return {length(InReference(placement, {0.5 + 1.0 / size.width, 0.5})),
          length(InReference(placement, {0.5, 0.5 + 1.0 / size.height}))};
}

/// Normalised coordinates to a sample and the share of the next one; the border goes on.
struct PlaceTap {
  int first, second;
  float share;
};
[[nodiscard]] constexpr PlaceTap PlaceTapAt(double normalised, int size) {
  const double at = std::clamp(normalised * size - 0.5, 0.0, static_cast<double>(size - 1));
  const int first = static_cast<int>(at);
  return {first, std::min(first + 1, size - 1), static_cast<float>(at - first)};
}

}  // namespace hdrp
