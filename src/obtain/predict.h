// Predictive Mode without weights: the predictor `bright` (docs/formulas.md).
#pragma once

#include <cstdint>

#include "base/plane.h"
#include "base/rows.h"
#include "gainmap/gain.h"

namespace hdrp {

struct BrightStyle {
  double q_stops = 2.0;
  double width = 0.25;
};
inline constexpr BrightStyle kPhoneStyle{2.0, 0.25};
inline constexpr BrightStyle kAcrStyle{2.0, 0.35};

/// G = log2(1 + (2^Q - 1) * exp(-((1 - b) / w)^2)), b = bilateral-filtered coded luma in 0..1.
[[nodiscard]] double BrightGainStops(double b, const BrightStyle& style);

/// Working size for `bright`: long side 256 (native below that), short side max(8, rounded).
struct WorkingSize {
  int width = 0;
  int height = 0;
};
[[nodiscard]] WorkingSize BrightWorkingSize(int width, int height);

/// Accumulates coded 8-bit rows of a base image (RGB or grey, any size) into the area-averaged
/// working luma, so that the picture is never held whole.
class WorkingLuma {
 public:
  WorkingLuma(int width, int height, int channels);
  void AddRow(const std::uint8_t* row);          ///< rows in order, exactly `height` of them
  [[nodiscard]] Plane<float> Take();             ///< coded luma 0..1, BrightWorkingSize
 private:
  int width_, height_, channels_;
  WorkingSize size_;
  int next_row_ = 0;
  Plane<float> sums_;
};

/// Exact bilateral filter: circular support radius 12, sigma 8 px and 0.15, reflect-101 borders.
/// Results do not depend on the thread count.
[[nodiscard]] Expected<Plane<float>> BilateralLuma(PlaneView<const float> luma,
                                                   const Parallelism& parallelism);

/// The gain at map_width x map_height: filtered luma upsampled bilinearly, then BrightGainStops.
[[nodiscard]] Log2Gain BrightGain(PlaneView<const float> filtered_luma, int map_width,
                                  int map_height, const BrightStyle& style);

}  // namespace hdrp
