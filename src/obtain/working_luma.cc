#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <span>
#include <utility>

#include "obtain/predict.h"

namespace hdrp {
namespace {

constexpr int kWorkingLongSide = 256;
constexpr int kMinSide = 8;

/// Luma of coded values; the same for every RGB space (the predictor was measured so).
constexpr std::array<float, 3> kLumaWeights = {0.2126F, 0.7152F, 0.0722F};

}  // namespace

WorkingSize BrightWorkingSize(int width, int height) {
  const double scale =
      std::min(1.0, static_cast<double>(kWorkingLongSide) / std::max(width, height));
  const auto side = [scale](int pixels) {
    return std::max(kMinSide, static_cast<int>(std::lround(pixels * scale)));
  };
  return {side(width), side(height)};
}

// Coverage is counted in whole numbers: an input row is size_.height units high, an output row
// height_ units, and likewise across. So the averages are exact, and rounding is the only loss.

WorkingLuma::WorkingLuma(int width, int height, int channels)
    : width_(width),
      height_(height),
      channels_(channels),
      size_(BrightWorkingSize(width, height)),
      sums_(static_cast<std::size_t>(width) * static_cast<std::size_t>(channels)),
      luma_(size_.width, size_.height) {
  assert(channels == 1 || channels == 3);
}

void WorkingLuma::AddRow(const std::uint8_t* row) {
  assert(rows_added_ < height_);
  // 64 bits: the product of the sides of the largest JPEG does not fit into 31.
  std::int64_t at = std::int64_t{rows_added_} * size_.height;
  const std::int64_t end = at + size_.height;
  ++rows_added_;
  while (at < end) {
    const std::int64_t output_row = at / height_;
    const std::int64_t output_end = (output_row + 1) * height_;
    const auto covered = static_cast<std::uint16_t>(std::min(end, output_end) - at);
    for (std::size_t i = 0; i < sums_.size(); ++i) {
      // At most 255 * 256: a 16-bit product is the cheapest in vector registers.
      sums_[i] += static_cast<std::uint16_t>(covered * row[i]);
    }
    at += covered;
    if (at == output_end) FinishRow(static_cast<int>(output_row));
  }
}

void WorkingLuma::FinishRow(int y) {
  const auto channels = static_cast<std::size_t>(channels_);
  const std::uint64_t area =
      static_cast<std::uint64_t>(width_) * static_cast<std::uint64_t>(height_);
  const std::span<float> luma = luma_.view().RowSpan(y);
  std::int64_t at = 0;
  for (std::size_t x = 0; x < luma.size(); ++x) {
    const std::int64_t end = at + width_;
    std::array<std::uint64_t, 3> totals{};
    while (at < end) {
      const std::int64_t column = at / size_.width;
      const std::int64_t covered = std::min(end, (column + 1) * size_.width) - at;
      for (std::size_t c = 0; c < channels; ++c) {
        totals[c] += static_cast<std::uint64_t>(covered) *
                     sums_[static_cast<std::size_t>(column) * channels + c];
      }
      at += covered;
    }
    for (std::size_t c = 0; c < channels; ++c) {
      const auto code = static_cast<float>((totals[c] + area / 2) / area);
      luma[x] += (channels == 1 ? 1.0F : kLumaWeights[c]) * code / 255.0F;
    }
  }
  std::ranges::fill(sums_, 0U);
}

Plane<float> WorkingLuma::Take() {
  assert(rows_added_ == height_);
  return std::move(luma_);
}

}  // namespace hdrp
