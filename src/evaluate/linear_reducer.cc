#include "evaluate/linear_reducer.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "color/transfer.h"

namespace hdrp {

// Coverage is counted in whole numbers: an input row is to_.height units high, an output row
// from_.height units, and likewise across.

LinearReducer::LinearReducer(RasterSize from, RasterSize to)
    : from_(from),
      to_(to),
      row_(3 * static_cast<std::size_t>(to.width)),
      sums_(row_.size()),
      reduced_(to.width, to.height, 3) {
  for (std::size_t code = 0; code < 256; ++code) {
    linear_of_code_[code] = LinearFromSrgb(static_cast<double>(code) / 255);
  }
}

void LinearReducer::ReduceAcross(const std::uint8_t* rgb) {
  std::int64_t at = 0;
  for (std::size_t x = 0; x < static_cast<std::size_t>(to_.width); ++x) {
    const std::int64_t end = at + from_.width;
    std::array<double, 3> total{};
    while (at < end) {
      const std::int64_t column = at / to_.width;
      const std::int64_t covered = std::min(end, (column + 1) * to_.width) - at;
      for (std::size_t c = 0; c < 3; ++c) {
        total[c] += static_cast<double>(covered) *
                    linear_of_code_[rgb[3 * static_cast<std::size_t>(column) + c]];
      }
      at += covered;
    }
    for (std::size_t c = 0; c < 3; ++c) row_[3 * x + c] = total[c] / from_.width;
  }
}

void LinearReducer::AddRow(const std::uint8_t* rgb) {
  assert(rows_added_ < from_.height);
  ReduceAcross(rgb);
  std::int64_t at = std::int64_t{rows_added_} * to_.height;
  const std::int64_t end = at + to_.height;
  ++rows_added_;
  while (at < end) {
    const std::int64_t output_row = at / from_.height;
    const std::int64_t output_end = (output_row + 1) * from_.height;
    const std::int64_t covered = std::min(end, output_end) - at;
    for (std::size_t i = 0; i < sums_.size(); ++i) {
      sums_[i] += static_cast<double>(covered) * row_[i];
    }
    at += covered;
    if (at < output_end) continue;
    std::ranges::transform(sums_, reduced_.Row(static_cast<int>(output_row)),
                           [this](double sum) { return static_cast<float>(sum / from_.height); });
    std::ranges::fill(sums_, 0.0);
  }
}

Plane<float> LinearReducer::Take() {
  assert(rows_added_ == from_.height);
  return std::move(reduced_);
}

}  // namespace hdrp
