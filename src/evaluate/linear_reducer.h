// A picture's linear light, averaged by area while its rows go by.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/aspect.h"
#include "base/plane.h"

namespace hdrp {

/// Coded 8-bit RGB rows, linearised with the sRGB curve and averaged by area to `to`. The curve is
/// sRGB's whatever the profile says: targets are defined so (docs/prediction.md).
class LinearReducer {
 public:
  LinearReducer(RasterSize from, RasterSize to);
  void AddRow(const std::uint8_t* rgb);  ///< rows in order, exactly `from.height` of them
  [[nodiscard]] Plane<float> Take();     ///< RGB, 1.0 = SDR white

 private:
  void ReduceAcross(const std::uint8_t* rgb);

  RasterSize from_, to_;
  std::array<double, 256> linear_of_code_{};
  int rows_added_ = 0;
  std::vector<double> row_;   ///< the input row at the output's width
  std::vector<double> sums_;  ///< of the output row in progress
  Plane<float> reduced_;
};

}  // namespace hdrp
