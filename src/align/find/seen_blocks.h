// Blocks all over two pictures of one raster, and how far each lies off, up to about a pixel.
#pragma once

#include <array>
#include <vector>

#include "align/find/block_shift.h"

namespace hdrp {

/// A block of the edit that is found in the reference, in place or a pixel off.
struct SeenBlock {
  int column, row;  ///< of the grid of blocks
  PixelBlock pixels;
  Point at;  ///< its middle, from the picture's, in half long sides
  std::array<PeakAxis, 2> axes;
  bool elsewhere;    ///< clearly more alike a pixel off
  Point best_shift;  ///< whole pixels
};

struct SeenBlocks {
  std::vector<SeenBlock> blocks;
  int textured = 0, in_place = 0;
};

/// No shorter has a raster blocks at all.
inline constexpr int kLeastSeenSide = 18;

/// The codes as they are, as levels.
[[nodiscard]] Levels AsIs();

/// Both details of one raster, no side under kLeastSeenSide.
[[nodiscard]] SeenBlocks LookAtBlocks(const Plane<std::int16_t>& edit,
                                      const Plane<std::int16_t>& reference);

/// Less what the same blocks show of the reference against itself: where a block's border cuts
/// through structure, its peak is not quite in the middle.
[[nodiscard]] SeenBlocks WithoutOwnShifts(SeenBlocks seen, const SeenBlocks& own);

}  // namespace hdrp
