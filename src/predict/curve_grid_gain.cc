#include <algorithm>
#include <cstdint>

#include "predict/curve_grid.h"

namespace hdrp {
namespace {

using Shape = CurveGridShape;

/// Between which two of `count` knots something lies, and how far from the first.
struct Between {
  int first, second;
  float share;
};

/// The cells around pixel `at` of `pixels`, centres to centres; beyond the outer ones, those.
[[nodiscard]] Between CellsAround(int at, int pixels) {
  const float place = std::clamp(
      (static_cast<float>(at) + 0.5F) * Shape::kCells / static_cast<float>(pixels) - 0.5F, 0.0F,
      Shape::kCells - 1.0F);
  const int first = static_cast<int>(place);
  return {first, std::min(first + 1, Shape::kCells - 1), place - static_cast<float>(first)};
}

/// Of a guide in 0..1, among `count` knots that divide that evenly.
[[nodiscard]] Between KnotsAround(float guide, int count) {
  const float place = guide * static_cast<float>(count - 1);
  const int first = std::min(static_cast<int>(place), count - 2);
  return {first, first + 1, place - static_cast<float>(first)};
}

[[nodiscard]] float Mix(const Between& between, const float* knots) {
  return knots[between.first] + between.share * (knots[between.second] - knots[between.first]);
}

/// What a guide's code means to curve and grid.
struct OfCode {
  float gain;
  Between bins;
};
[[nodiscard]] std::array<OfCode, 256> OfCodes(const std::array<float, Shape::kKnots>& curve) {
  std::array<OfCode, 256> result{};
  for (std::size_t code = 0; code < result.size(); ++code) {
    const float guide = static_cast<float>(code) / 255;
    result[code] = {Mix(KnotsAround(guide, Shape::kKnots), curve.data()),
                    KnotsAround(guide, Shape::kBins)};
  }
  return result;
}

using Bins = std::array<float, Shape::kBins>;
using GridLine = std::array<Bins, Shape::kCells>;

/// The grid at a row's height.
[[nodiscard]] GridLine LineAt(const Plane<float>& grid, const Between& rows) {
  GridLine line{};
  const float* upper = grid.Row(rows.first);
  const float* lower = grid.Row(rows.second);
  for (Bins& cell : line) {
    for (float& bin : cell) {
      bin = *upper + rows.share * (*lower++ - *upper);
      ++upper;
    }
  }
  return line;
}

[[nodiscard]] float OfGrid(const GridLine& line, const Between& columns, const Between& bins) {
  const Bins& left = line[static_cast<std::size_t>(columns.first)];
  const Bins& right = line[static_cast<std::size_t>(columns.second)];
  const auto at = [&](int bin) {
    const auto i = static_cast<std::size_t>(bin);
    return left[i] + columns.share * (right[i] - left[i]);
  };
  const float low = at(bins.first);
  return low + bins.share * (at(bins.second) - low);
}

[[nodiscard]] std::vector<Between> ColumnsOf(int width) {
  std::vector<Between> columns;
  for (int x = 0; x < width; ++x) columns.push_back(CellsAround(x, width));
  return columns;
}

[[nodiscard]] float Clamped(float stops) { return std::clamp(stops, 0.0F, Shape::kPeakStops); }

}  // namespace

Log2Gain GainOf(const PredictedCurve& predicted, PlaneView<const std::uint8_t> coded) {
  const std::array<OfCode, 256> codes = OfCodes(predicted.curve);
  const std::vector<Between> columns = ColumnsOf(coded.width);
  Log2Gain gain{Plane<float>(coded.width, coded.height)};
  for (int y = 0; y < coded.height; ++y) {
    const GridLine line = LineAt(predicted.grid, CellsAround(y, coded.height));
    const std::uint8_t* from = coded.Row(y);
    float* to = gain.stops.Row(y);
    for (const Between& column : columns) {
      const std::uint8_t guide =
          coded.channels == 1 ? *from : std::max({from[0], from[1], from[2]});
      const OfCode& code = codes[guide];
      *to++ = Clamped(code.gain + OfGrid(line, column, code.bins));
      from += coded.channels;
    }
  }
  return gain;
}

float MeanGainOf(const PredictedCurve& predicted, PlaneView<const float> rgb) {
  const std::vector<Between> columns = ColumnsOf(rgb.width);
  double sum = 0;
  for (int y = 0; y < rgb.height; ++y) {
    const GridLine line = LineAt(predicted.grid, CellsAround(y, rgb.height));
    const float* from = rgb.Row(y);
    for (const Between& column : columns) {
      const float guide = std::max({from[0], from[1], from[2]});
      const float by_curve = Mix(KnotsAround(guide, Shape::kKnots), predicted.curve.data());
      sum += static_cast<double>(
          Clamped(by_curve + OfGrid(line, column, KnotsAround(guide, Shape::kBins))));
      from += 3;
    }
  }
  return static_cast<float>(sum / rgb.width / rgb.height);
}

}  // namespace hdrp
