// What the network is told of the whole picture, beside what its convolutions see.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/plane.h"
#include "predict/curve_grid.h"

namespace hdrp {

/// 96 x 96 of three channels, 0..1: each cell the mean of the coded picture below it, whatever the
/// aspect; pixels count with the share that lies in the cell. Grey repeats.
[[nodiscard]] Plane<float> ThumbnailOf(PlaneView<const std::uint8_t> coded);

/// 48 x 48: means of two by two.
[[nodiscard]] Plane<float> Halved(const Plane<float>& thumbnail);

/// Of the halved thumbnail (tools/train/picture_statistics.py names them one by one).
[[nodiscard]] std::array<float, CurveGridShape::kStatistics> StatisticsOf(
    const Plane<float>& halved);

}  // namespace hdrp
