// Light averaged by area while its rows go by.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/aspect.h"
#include "obtain/light_rows.h"

namespace hdrp {

/// Rows of a smaller raster, `to` at most the light's size in either direction: linear averages,
/// exact shares of the pixels at the borders. Holds one band.
class AreaLight {
 public:
  AreaLight(LightRows light, RasterSize to);
  /// The next row, RGB. After the last one it must not be called.
  [[nodiscard]] Expected<void> Row(std::span<float> rgb);

 private:
  void AddAcross(std::span<const float> row, std::int64_t share);

  LightRows light_;
  RasterSize to_;
  Plane<float> row_;  ///< the light's row in progress
  int rows_read_ = 0;
  std::int64_t at_ = 0;       ///< how far down: a row of the light is to_.height units high
  std::vector<double> sums_;  ///< of the output row, in units of both rasters' sizes
};

}  // namespace hdrp
