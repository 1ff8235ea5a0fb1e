// How an edit lies in its reference, as a map of the one stored raster onto the other.
#pragma once

#include <algorithm>
#include <cmath>

#include "align/framing.h"
#include "align/framing_map.h"
#include "base/aspect.h"

namespace hdrp {

/// Both rasters as stored, and the map of displayed coordinates.
struct Placement {
  Raster edit, reference;
  FramingMap to_reference;
};

/// The farthest that any place lies from where the same framing has it, as a share of the longer of
/// the displayed sides, which are `aspect` (width : height) apart.
[[nodiscard]] inline double MostShift(const FramingMap& to_reference, double aspect) {
  constexpr int kSteps = 8;
  const double width = std::min(1.0, aspect), height = std::min(1.0, 1 / aspect);
  double most = 0;
  for (int i = 0; i < (kSteps + 1) * (kSteps + 1); ++i) {
    const Point at{i % (kSteps + 1) / static_cast<double>(kSteps),
                   i / (kSteps + 1) / static_cast<double>(kSteps)};
    const Point p = Apply(to_reference, at);
    const double shift = std::hypot((p.x - at.x) * width, (p.y - at.y) * height);
    if (!(shift <= most)) most = shift;
  }
  return most;
}

/// From the edit's stored raster to the reference's, normalised.
[[nodiscard]] inline Point InReference(const Placement& placement, Point stored) {
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
