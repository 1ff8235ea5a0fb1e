// Is the picture a page: a screenshot, a scanned text, a drawing of lines on plain ground? Its
// white is paper, not light, and must not be lifted. Evidence is gathered at full resolution, row
// by row, since a reduced picture has no strokes any more.
#pragma once

#include <cstdint>
#include <vector>

#include "gainmap/gain.h"

namespace hdrp {

/// Shares of the picture's tiles, 0..1. A tile's side is 1/64 of the long side, 8 to 64 pixels.
struct PageEvidence {
  double text = 0;   ///< strokes on paper: most pixels of the paper's level, sharp edges to and fro
  double flat = 0;   ///< nothing but paper, without noise
  double plain = 0;  ///< nothing but paper, noise and soft shading allowed; holds `flat`
};

/// Watches a picture's rows go by. Paper is the level (of green, for colour) that most text tiles
/// have as their ground; it may be white, black, or anything else.
class PageWatcher {
 public:
  /// Both sides at least 1; 1 or 3 channels, 8-bit codes.
  PageWatcher(int width, int height, int channels);
  void AddRow(const std::uint8_t* row);  ///< rows in order, exactly `height` of them
  [[nodiscard]] PageEvidence Finish() const;

 private:
  struct Column {  ///< a tile in progress
    /// Pixels by green level, 4 codes each.
    std::vector<std::uint16_t> levels = std::vector<std::uint16_t>(64);
    std::uint32_t edges = 0, turns = 0;
    std::uint8_t lowest = 255, highest = 0;
  };
  struct Ground {  ///< how many tiles have this level as their ground
    std::uint32_t text = 0, flat = 0, plain = 0;
  };

  void WatchRow(const std::uint8_t* row);
  void FinishTiles();

  int width_, height_, channels_;
  int tile_;
  int step_;  ///< one row of so many is looked at
  int rows_added_ = 0, rows_watched_ = 0;
  std::uint32_t tiles_ = 0;
  std::vector<Column> columns_;
  std::vector<Ground> grounds_ = std::vector<Ground>(64);
};

/// 0 for photographs, 1 for pages, smooth between.
[[nodiscard]] double PageScore(const PageEvidence& evidence);

/// The gain times 1 - score.
[[nodiscard]] Log2Gain LimitPage(Log2Gain gain, double score);

}  // namespace hdrp
