// Predictive Mode without weights: the predictor `bright` (docs/formulas.md).
#pragma once

#include <cstdint>
#include <vector>

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

/// Working size for `bright`: long side 256 (native below that), sides max(8, rounded).
struct WorkingSize {
  int width = 0;
  int height = 0;
};
[[nodiscard]] WorkingSize BrightWorkingSize(int width, int height);

/// Accumulates coded 8-bit rows of a base image (RGB or grey, any size) into the working luma, so
/// that the picture is never held whole. Each channel is averaged exactly by area and rounded to 8
/// bits before luma is taken.
class WorkingLuma {
 public:
  WorkingLuma(int width, int height, int channels);
  void AddRow(const std::uint8_t* row);  ///< rows in order, exactly `height` of them
  [[nodiscard]] Plane<float> Take();     ///< coded luma 0..1, BrightWorkingSize

 private:
  void FinishRow(int y);

  int width_, height_, channels_;
  WorkingSize size_;
  int rows_added_ = 0;
  /// Column sums of the output row in progress, in units of 1 / height input rows.
  std::vector<std::uint32_t> sums_;
  Plane<float> luma_;
};

/// Exact bilateral filter of luma in 0..1: circular support of radius 12 (441 taps), sigma 8 px and
/// 0.15, reflect-101 borders. Within 4e-6 of the definition; does not depend on the thread count.
[[nodiscard]] Expected<Plane<float>> BilateralLuma(PlaneView<const float> luma,
                                                   const Parallelism& parallelism);

/// The gain at map_width x map_height: filtered luma resized (bilinearly when enlarged), then
/// BrightGainStops by a table (within 1e-6).
[[nodiscard]] Log2Gain BrightGain(PlaneView<const float> filtered_luma, int map_width,
                                  int map_height, const BrightStyle& style);

}  // namespace hdrp
