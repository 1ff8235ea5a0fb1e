#include "align/changes/unknown_places.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <span>

#include "align/tone/small_luminance.h"

namespace hdrp {
namespace {

/// On bits, for loops over integers become vectors.
[[nodiscard]] bool MayHoldNan(std::span<const float> values) {
  constexpr std::uint32_t kInfinityBits = 0x7F800000;
  std::uint32_t largest = 0;
  for (const float value : values) {
    largest = std::max(largest, std::bit_cast<std::uint32_t>(value) & ~(1U << 31U));
  }
  return largest > kInfinityBits;
}

}  // namespace

UnknownPlaces::UnknownPlaces(int width, int height)
    : width_(width),
      height_(height),
      factor_((std::max(width, height) + SmallLuminance::kLongSide - 1) /
              SmallLuminance::kLongSide),
      mask_((width + factor_ - 1) / factor_, (height + factor_ - 1) / factor_) {
  counts_.resize(static_cast<std::size_t>(mask_.width()));
}

void UnknownPlaces::Add(PlaneView<const float> rgb) {
  for (int y = 0; y < rgb.height; ++y) {
    const auto row = rgb.RowSpan(y);
    if (MayHoldNan(row)) {
      const auto factor = static_cast<std::size_t>(factor_);
      for (std::size_t x = 0; x < static_cast<std::size_t>(width_); ++x) {
        const bool unknown =
            std::isnan(row[3 * x]) || std::isnan(row[3 * x + 1]) || std::isnan(row[3 * x + 2]);
        counts_[x / factor] += unknown ? 1U : 0U;
      }
    }
    ++rows_added_;
    if (rows_added_ % factor_ == 0 || rows_added_ == height_) FinishRow();
  }
}

void UnknownPlaces::FinishRow() {
  const int row = (rows_added_ - 1) / factor_;
  const int rows = rows_added_ - row * factor_;
  for (int i = 0; i < mask_.width(); ++i) {
    const int columns = std::min((i + 1) * factor_, width_) - i * factor_;
    const std::uint32_t nans = counts_[static_cast<std::size_t>(i)];
    if (2 * nans < static_cast<std::uint32_t>(rows * columns)) continue;
    mask_.Row(row)[i] = 255;
    found_ = true;
  }
  std::ranges::fill(counts_, 0U);
}

Plane<std::uint8_t> UnknownPlaces::Take() {
  if (!found_) return {};
  return std::move(mask_);
}

std::optional<CellBox> KnownBox(PlaneView<const std::uint8_t> mask) {
  CellBox box{mask.width, mask.height, 0, 0};
  for (int y = 0; y < mask.height; ++y) {
    for (int x = 0; x < mask.width; ++x) {
      if (mask.At(x, y) != 0) continue;
      box = {std::min(box.left, x), std::min(box.top, y), std::max(box.right, x + 1),
             std::max(box.bottom, y + 1)};
    }
  }
  if (box.right == 0) return std::nullopt;
  return box;
}

PlaneView<const std::uint8_t> Cropped(PlaneView<const std::uint8_t> plane, const CellBox& box) {
  const auto left = static_cast<std::size_t>(box.left) * static_cast<std::size_t>(plane.channels);
  return {plane.Row(box.top) + left, box.right - box.left, box.bottom - box.top, plane.channels,
          plane.stride};
}

}  // namespace hdrp
