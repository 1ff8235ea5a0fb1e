#include "align/find/seen_blocks.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace hdrp {
namespace {

constexpr int kBlocksAcross = 22, kLeastBlock = 16, kMostBlock = 24;  // px a side
constexpr float kTexture = 1.5F;  // codes, deviation of a block's detail
constexpr float kFound = 0.5F;    // correlation
constexpr float kAlike = 0.005F;  // correlations no farther apart
constexpr int kMiddle = 4;        // of three by three shifts: none
constexpr float kClearly = 0.1F;  // better correlated elsewhere than in place

/// Blocks all over the raster, a pixel away from its border.
struct BlockGrid {
  int width, height, columns, rows;
  BlockGrid(int raster_width, int raster_height) : width(raster_width), height(raster_height) {
    const int side = std::clamp(std::max(width, height) / kBlocksAcross, kLeastBlock, kMostBlock);
    columns = (width - 2) / side;
    rows = (height - 2) / side;
  }
  [[nodiscard]] PixelBlock At(int column, int row) const {
    return {1 + column * (width - 2) / columns, 1 + row * (height - 2) / rows,
            1 + (column + 1) * (width - 2) / columns, 1 + (row + 1) * (height - 2) / rows};
  }
  [[nodiscard]] Point PlaceOf(const PixelBlock& block) const {
    const double half = std::max(width, height) / 2.0;
    return {((block.left + block.right) / 2.0 - width / 2.0) / half,
            ((block.top + block.bottom) / 2.0 - height / 2.0) / half};
  }
};

}  // namespace

/// The codes as they are, in quarters.
Levels AsIs() {
  Levels levels{};
  for (std::size_t code = 0; code < levels.size(); ++code) {
    levels[code] = static_cast<std::int16_t>(4 * code);
  }
  return levels;
}

SeenBlocks LookAtBlocks(const Plane<std::int16_t>& edit, const Plane<std::int16_t>& reference) {
  const BlockGrid grid(edit.width(), edit.height());
  SeenBlocks seen;
  for (int row = 0; row < grid.rows; ++row) {
    for (int column = 0; column < grid.columns; ++column) {
      const PixelBlock block = grid.At(column, row);
      const BlockCorrelation c = Correlate(edit.view(), reference.view(), block);
      // What is flat in one of them was clipped, or painted over: that is not for here.
      if (std::min(c.edit_deviation, c.reference_deviation) < kTexture) continue;
      ++seen.textured;
      const float best = c.Best();
      if (best < kFound) continue;
      // Along an edge all shifts correlate alike: that is no sign of having moved.
      const int index = c.InPlace() >= best - kAlike
                            ? kMiddle
                            : static_cast<int>(std::ranges::find(c.at, best) - c.at.begin());
      const bool elsewhere = best > c.InPlace() + kClearly;
      seen.in_place += index == kMiddle ? 1 : 0;
      seen.blocks.push_back({column,
                             row,
                             block,
                             grid.PlaceOf(block),
                             PeakOf(c),
                             elsewhere,
                             {index % 3 - 1.0, std::floor(index / 3.0) - 1}});
    }
  }
  return seen;
}

SeenBlocks WithoutOwnShifts(SeenBlocks seen, const SeenBlocks& own) {
  for (SeenBlock& block : seen.blocks) {
    const auto self = std::ranges::find_if(own.blocks, [&](const SeenBlock& other) {
      return other.column == block.column && other.row == block.row;
    });
    if (self == own.blocks.end()) continue;
    Point shift{};
    for (const PeakAxis& axis : self->axes) {
      if (axis.bend <= 0) continue;
      shift.x += axis.distance * axis.direction.x;
      shift.y += axis.distance * axis.direction.y;
    }
    for (PeakAxis& axis : block.axes) {
      axis.distance -= shift.x * axis.direction.x + shift.y * axis.direction.y;
    }
  }
  return seen;
}

}  // namespace hdrp
