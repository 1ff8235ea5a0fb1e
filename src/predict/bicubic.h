// Bicubic resizing as OpenCV does it (Keys' kernel with a = -0.75, pixel centres aligned, no
// antialiasing): what some models were trained on.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/aspect.h"
#include "base/plane.h"

namespace hdrp {

/// Coded 8-bit rows resized while they go by. The result is in 0..1, clipped; border samples
/// repeat.
class BicubicReducer {
 public:
  BicubicReducer(RasterSize from, int channels, RasterSize to);
  void AddRow(const std::uint8_t* row);  ///< rows in order, exactly `from.height` of them
  [[nodiscard]] Plane<float> Take();

 private:
  /// Where an output sample's four inputs begin, and their weights.
  struct Taps {
    int first = 0;
    std::array<float, 4> weights{};
  };
  [[nodiscard]] static std::vector<Taps> TapsOf(int from, int to);
  void FinishRow(int y);

  RasterSize from_;
  std::size_t channels_;
  std::vector<Taps> columns_, rows_;
  std::array<std::vector<float>, 4> recent_;  ///< the last four input rows, resized across
  int rows_added_ = 0;
  int rows_finished_ = 0;
  Plane<float> resized_;
};

/// A whole picture so.
[[nodiscard]] Plane<float> BicubicResized(PlaneView<const std::uint8_t> coded, RasterSize to);

}  // namespace hdrp
