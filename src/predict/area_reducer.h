// A picture reduced while its rows go by, so that predictors and guards never need it whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/aspect.h"
#include "base/plane.h"

namespace hdrp {

/// Coded 8-bit rows of any size averaged by area to `to`, each channel exactly, and rounded to 8
/// bits. Coded values are averaged as they are (predictors were measured so). `to` may be larger
/// than `from` in either direction: samples then repeat.
class AreaReducer {
 public:
  AreaReducer(RasterSize from, int channels, RasterSize to);  ///< 1 or 3 channels
  void AddRow(const std::uint8_t* row);  ///< rows in order, exactly `from.height` of them
  [[nodiscard]] Plane<std::uint8_t> Take();

 private:
  template <std::size_t kChannels>
  void FinishRow(int y);

  RasterSize from_, to_;
  int channels_;
  RasterSize from_units_, to_units_;  ///< the same ratios in lowest terms
  int rows_added_ = 0;
  /// Column sums of the output row in progress, in units of 1 / from_units_.height of a row.
  std::vector<std::uint32_t> sums_;
  Plane<std::uint8_t> reduced_;
};

/// Coded luma 0..1 of coded RGB or grey: 0.2126 R + 0.7152 G + 0.0722 B, the same for every RGB
/// space (predictors were measured so).
[[nodiscard]] Plane<float> CodedLuma(PlaneView<const std::uint8_t> coded);

}  // namespace hdrp
