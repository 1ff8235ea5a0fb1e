// The predictor without weights, `bright` (docs/formulas.md).
#pragma once

#include "base/aspect.h"
#include "base/plane.h"
#include "base/rows.h"
#include "gainmap/gain.h"

namespace hdrp {

struct BrightStyle {
  double q_stops = 2.0;
  double width = 0.25;
  /// Where the mean of G exceeds this, all of it is scaled down to it: a picture that is bright
  /// over most of its area shows white things, not lights (docs/prediction.md has the
  /// measurements).
  double max_mean_stops = 0.75;
};
inline constexpr BrightStyle kHighlightsStyle{2.0, 0.25, 0.75};
/// Of Camera Raw's maps only three are at hand, and on twelve that were not the wide curve's two
/// stops were worse than nothing: as wide, and gentler.
inline constexpr BrightStyle kAcrStyle{1.25, 0.35, 0.45};

/// G = log2(1 + (2^Q - 1) * exp(-((1 - b) / w)^2)), b = bilateral-filtered coded luma in 0..1.
[[nodiscard]] double BrightGainStops(double b, const BrightStyle& style);

/// Working size for `bright`: long side 256 (native below that), sides max(8, rounded).
[[nodiscard]] RasterSize BrightWorkingSize(RasterSize base);

/// Exact bilateral filter of luma in 0..1: circular support of radius 12 (441 taps), sigma 8 px and
/// 0.15, reflect-101 borders. Within 4e-6 of the definition; does not depend on the thread count.
[[nodiscard]] Expected<Plane<float>> BilateralLuma(PlaneView<const float> luma,
                                                   const Parallelism& parallelism);

/// The same bits from scalar code.
[[nodiscard]] Plane<float> BilateralLumaScalar(PlaneView<const float> luma);

/// BrightGainStops of every sample by a table (within 1e-6), times min(1, max_mean_stops / mean).
[[nodiscard]] Log2Gain BrightGain(PlaneView<const float> filtered_luma, const BrightStyle& style);

}  // namespace hdrp
