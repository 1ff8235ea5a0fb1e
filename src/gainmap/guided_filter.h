// Guided image filter (He, Sun, Tang: "Guided Image Filtering", IEEE PAMI 2013, equations 5, 6 and
// 8) and its use for enlarging (He, Sun: "Fast Guided Filter", 2015): values follow a guide by
// lines that are fitted locally, so that they keep the guide's edges and no others.
#pragma once

#include "base/plane.h"

namespace hdrp {

struct GuidedFilterOptions {
  int radius = 4;         ///< of the square windows, samples of the fitted planes
  double epsilon = 1e-4;  ///< regularisation; guide variation well below its root is smoothed away
};

/// value = slope * guide + offset, for each sample the mean of the lines of all windows it lies in.
struct GuideLines {
  Plane<float> slope, offset;
};

/// `values` and `guide`: one channel, equal sizes, finite. Windows end at the borders. Cost does
/// not depend on the radius. Constant values give slope 0 and themselves as offset.
[[nodiscard]] GuideLines FitGuideLines(PlaneView<const float> values, PlaneView<const float> guide,
                                       const GuidedFilterOptions& options);

/// The lines sampled bilinearly (gainmap/bilinear.h) at the resolution of `guide`, which may be
/// finer than the one they were fitted at, and followed along it.
[[nodiscard]] Plane<float> AlongGuide(const GuideLines& lines, PlaneView<const float> guide);

}  // namespace hdrp
