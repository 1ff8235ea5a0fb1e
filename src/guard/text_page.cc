#include "guard/text_page.h"

#include <algorithm>
#include <cassert>
#include <cstddef>

#include "guard/ramp.h"

namespace hdrp {
namespace {

// Chosen on the corpus; docs/prediction.md has what every picture of it measures.
constexpr int kTilesAcross = 64;   ///< along the long side
constexpr int kRowsWatched = 512;  ///< of a tall picture, about
constexpr int kEdgeCodes = 48;     ///< over two pixels: sharper than lenses draw
/// Of a text tile's pixels, within 20 codes: coding at quality 75 rings by as much around strokes.
constexpr double kGroundShare = 0.5;
constexpr int kGroundReach = 2;       ///< bins of 4 codes to either side
constexpr double kPlainShare = 0.98;  ///< of a plain tile's, within 12 codes
constexpr int kPlainReach = 1;
constexpr double kEdgeShare = 0.04;
constexpr double kTurnsPerRow = 0.5;  ///< an edge and its opposite: a stroke, not an outline
constexpr int kFlatCodes = 4;

constexpr int kBins = 64;

/// Sum over the bins within `reach` of bin `at`.
template <typename Count>
[[nodiscard]] std::uint32_t Around(int at, int reach, const Count& count) {
  std::uint32_t sum = 0;
  for (int bin = std::max(0, at - reach); bin <= std::min(kBins - 1, at + reach); ++bin) {
    sum += count(static_cast<std::size_t>(bin));
  }
  return sum;
}

/// The bin with the largest sum around it, the lowest of equals.
template <typename Count>
[[nodiscard]] int Peak(int reach, const Count& count) {
  int best = 0;
  for (int bin = 1; bin < kBins; ++bin) {
    if (Around(bin, reach, count) > Around(best, reach, count)) best = bin;
  }
  return best;
}

}  // namespace

PageWatcher::PageWatcher(int width, int height, int channels)
    : width_(width),
      height_(height),
      channels_(channels),
      tile_(std::clamp(std::max(width, height) / kTilesAcross, 8, 64)),
      step_(std::clamp(height / kRowsWatched, 1, tile_ / 8)),
      columns_(static_cast<std::size_t>((width + tile_ - 1) / tile_)) {
  assert(width > 0 && height > 0);
}

void PageWatcher::AddRow(const std::uint8_t* row) {
  assert(rows_added_ < height_);
  if (rows_added_ % step_ == 0) WatchRow(row);
  ++rows_added_;
  if (rows_added_ % tile_ == 0 || rows_added_ == height_) FinishTiles();
}

void PageWatcher::WatchRow(const std::uint8_t* row) {
  ++rows_watched_;
  const std::ptrdiff_t pixel = channels_;
  const std::uint8_t* green = row + (channels_ >= 3 ? 1 : 0);
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    Column& tile = columns_[column];
    const int begin = static_cast<int>(column) * tile_;
    const int end = std::min(width_, begin + tile_);
    int last = 0;  // direction of the last edge
    for (int x = begin; x < end; ++x) {
      const std::uint8_t level = green[x * pixel];
      ++tile.levels[level / (256 / kBins)];
      tile.lowest = std::min(tile.lowest, level);
      tile.highest = std::max(tile.highest, level);
      if (x < 2) continue;
      const int rise = level - green[(x - 2) * pixel];
      if (rise < kEdgeCodes && rise > -kEdgeCodes) continue;
      const int direction = rise > 0 ? 1 : -1;
      ++tile.edges;
      tile.turns += last == -direction ? 1U : 0U;
      last = direction;
    }
  }
}

void PageWatcher::FinishTiles() {
  const int rows = (rows_added_ - 1) % tile_ + 1;
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    Column& tile = columns_[column];
    const int columns = std::min(width_ - static_cast<int>(column) * tile_, tile_);
    // Slivers at the borders say little.
    const bool counts =
        (rows >= tile_ / 2 || height_ < tile_) && (columns >= tile_ / 2 || width_ < tile_);
    if (counts) {
      const auto level = [&](std::size_t bin) { return std::uint32_t{tile.levels[bin]}; };
      const int peak = Peak(kPlainReach, level);
      const double pixels = static_cast<double>(columns) * rows_watched_;
      const bool text = Around(peak, kGroundReach, level) >= kGroundShare * pixels &&
                        tile.edges >= kEdgeShare * pixels &&
                        tile.turns >= kTurnsPerRow * rows_watched_;
      Ground& ground = grounds_[static_cast<std::size_t>(peak)];
      const bool plain = !text && Around(peak, kPlainReach, level) >= kPlainShare * pixels;
      ground.text += text ? 1U : 0U;
      ground.plain += plain ? 1U : 0U;
      ground.flat += tile.highest - tile.lowest <= kFlatCodes ? 1U : 0U;
      ++tiles_;
    }
    tile = Column();
  }
  rows_watched_ = 0;
}

PageEvidence PageWatcher::Finish() const {
  assert(rows_added_ == height_);
  const int paper = Peak(kGroundReach, [&](std::size_t bin) { return grounds_[bin].text; });
  const auto share = [&](const auto& count) {
    return tiles_ == 0 ? 0.0 : static_cast<double>(Around(paper, kGroundReach, count)) / tiles_;
  };
  return {share([&](std::size_t bin) { return grounds_[bin].text; }),
          share([&](std::size_t bin) { return grounds_[bin].flat; }),
          share([&](std::size_t bin) { return grounds_[bin].plain; })};
}

double PageScore(const PageEvidence& evidence) {
  const auto ramp = [](double low, double high, double value) {
    return static_cast<double>(
        SmoothRamp(static_cast<float>(low), static_cast<float>(high), static_cast<float>(value)));
  };
  // Branches before a clipped sky look like text, and a product on white has a flat ground: a page
  // has both, or is paper nearly everywhere.
  const double both =
      ramp(0.18, 0.32, evidence.flat) * ramp(0.35, 0.5, evidence.text + evidence.plain);
  const double all = ramp(0.38, 0.62, evidence.text + evidence.plain);
  return ramp(0.04, 0.08, evidence.text) * std::max(both, all);
}

Log2Gain LimitPage(Log2Gain gain, double score) {
  if (score <= 0) return gain;
  const auto kept = static_cast<float>(1 - score);
  for (int y = 0; y < gain.stops.height(); ++y) {
    for (float& sample : gain.stops.view().RowSpan(y)) sample *= kept;
  }
  return gain;
}

}  // namespace hdrp
