#include "align/find/sharpen.h"

#include <algorithm>
#include <cstdint>

#include "align/find/overlaid.h"
#include "align/find/seen_blocks.h"

namespace hdrp {
namespace {

constexpr int kLeastBlocks = 40;
constexpr double kTellingBend = 0.05;  // px^-2, from which a block's shift means something
constexpr double kReach = 1.5;         // px

/// A pair for each direction in which a block says where it is.
struct SeenPairs {
  PointPairs pairs;
  int blocks = 0;
};
[[nodiscard]] SeenPairs PairsOf(const Overlaid& overlaid) {
  const Plane<std::int16_t> edit = DetailOf(ViewOf(overlaid.edit), AsIs()),
                            reference = DetailOf(ViewOf(overlaid.reference), AsIs());
  const SeenBlocks seen =
      WithoutOwnShifts(LookAtBlocks(edit, reference), LookAtBlocks(reference, reference));
  SeenPairs result;
  for (const SeenBlock& block : seen.blocks) {
    const PixelBlock& b = block.pixels;
    const cv::Rect window(b.left - 1, b.top - 1, b.right - b.left + 2, b.bottom - b.top + 2);
    if (block.elsewhere || cv::countNonZero(overlaid.inside(window)) < window.area()) continue;
    ++result.blocks;
    const cv::Point2d at((b.left + b.right - 1) / 2.0, (b.top + b.bottom - 1) / 2.0);
    const cv::Point2d there = Moved(overlaid.to_source, at);
    for (const PeakAxis& axis : block.axes) {
      if (axis.bend < kTellingBend) continue;
      const cv::Point2d direction(axis.direction.x, axis.direction.y);
      const cv::Point2d along = Moved(overlaid.to_source, at + direction) - there;
      result.pairs.from.emplace_back(at);
      result.pairs.to.emplace_back(Moved(overlaid.to_source, at + axis.distance * direction));
      result.pairs.along.emplace_back(along / cv::norm(along));
    }
  }
  return result;
}

/// How far apart two maps put any of the picture's corners and middles of sides, px.
[[nodiscard]] double MostBetween(const PixelMap& a, const PixelMap& b, cv::Size picture) {
  double most = 0;
  for (int i = 0; i < 9; ++i) {
    const cv::Point2d at(i % 3 * (picture.width - 1) / 2.0, i / 3 * (picture.height - 1) / 2.0);
    most = std::max(most, cv::norm(Moved(a, at) - Moved(b, at)));
  }
  return most;
}

}  // namespace

PixelMap Sharpened(const cv::Mat& edit, const cv::Mat& reference, const PixelMap& map) {
  const Overlaid overlaid = Overlay(edit, reference, map);
  if (std::min({edit.cols, edit.rows, overlaid.edit.cols, overlaid.edit.rows}) < kLeastSeenSide) {
    return map;
  }
  const auto [pairs, blocks] = PairsOf(overlaid);
  if (blocks < kLeastBlocks) return map;
  // What tone does to hundreds of blocks, some hundredths of a pixel, is no bend.
  PixelMap guess = overlaid.to_source;
  if (guess.radial == 0) guess.radius = 0;
  TransformFit fit = FitTransform(pairs, guess, kReach);
  if (2 * fit.agreeing < static_cast<int>(pairs.size())) return map;
  fit.map.radius = overlaid.to_source.radius;
  // Edges that all run one way leave the rest to chance.
  if (MostBetween(fit.map, overlaid.to_source, overlaid.edit.size()) > kReach) return map;
  return Between(fit.map, overlaid.to_edit.inv(), overlaid.to_reference);
}

}  // namespace hdrp
