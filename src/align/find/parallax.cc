#include "align/find/parallax.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "align/find/feature_matches.h"
#include "align/find/shrunk.h"

namespace hdrp {
namespace {

constexpr float kPlainlyAlike = 0.8F;  // correlation of a block
constexpr float kInPlace = 0.6F;
constexpr float kClearlyBetter = 0.15F;  // than unmoved; smooth places are alike anywhere
constexpr double kNearby = 0.15;         // of the long side
constexpr int kGroup = 3;                // that move together
constexpr int kLeastMoved = 9;           // features: fewer agree by chance

[[nodiscard]] cv::Rect Around(cv::Point middle, int reach) {
  return {middle.x - reach, middle.y - reach, 2 * reach + 1, 2 * reach + 1};
}

/// Of one size.
[[nodiscard]] float Likeness(const cv::Mat& a, const cv::Mat& b) {
  cv::Mat score;
  cv::matchTemplate(a, b, score, cv::TM_CCOEFF_NORMED);
  return score.at<float>(0, 0);
}

struct MovedBlock {
  cv::Point2f at, shift;
};

/// Those with others nearby that moved alike.
[[nodiscard]] int CountGroups(const std::vector<MovedBlock>& moved, double nearby,
                              double together_px) {
  return static_cast<int>(std::ranges::count_if(moved, [&](const MovedBlock& block) {
    return std::ranges::count_if(moved, [&](const MovedBlock& other) {
             return cv::norm(other.at - block.at) <= nearby &&
                    cv::norm(other.shift - block.shift) <= together_px;
           }) >= kGroup;
  }));
}

[[nodiscard]] double MovedBlocks(const Overlaid& overlaid, const BlockMatches& blocks) {
  constexpr double kTogetherPx = 2;
  int alike = 0;
  std::vector<MovedBlock> moved;
  for (const BlockMatch& match : blocks.matches) {
    if (match.likeness < kPlainlyAlike) continue;
    ++alike;
    if (cv::norm(match.shift) <= kInPlacePx || match.likeness <= match.unmoved + kClearlyBetter) {
      continue;
    }
    moved.push_back({match.at, match.shift});
  }
  const double nearby = kNearby * std::max(overlaid.edit.cols, overlaid.edit.rows);
  return alike == 0 ? 0 : static_cast<double>(CountGroups(moved, nearby, kTogetherPx)) / alike;
}

/// True where what the reference shows at a point of the overlaid raster is not there in the edit.
[[nodiscard]] bool IsGone(const Overlaid& overlaid, cv::Point2d at) {
  constexpr int kReach = 12;
  const cv::Rect window = Around(at, kReach);
  const cv::Rect whole(0, 0, overlaid.edit.cols, overlaid.edit.rows);
  if ((window & whole) != window || cv::countNonZero(overlaid.inside(window)) < window.area()) {
    return false;
  }
  return Likeness(overlaid.reference(window), overlaid.edit(window)) < kInPlace;
}

/// How many features agree with a second transform, as a share of those that agree with the first:
/// things that moved as a whole. What was cloned does not count, as its original is still in place.
[[nodiscard]] double SecondMotion(const Overlaid& overlaid, const PointPairs& features,
                                  const PixelMap& map) {
  const cv::Matx33d of_reference = overlaid.to_reference.inv();
  int still = 0;
  PointPairs gone;
  for (std::size_t i = 0; i < features.size(); ++i) {
    const cv::Point2f from = features.from[i], to = features.to[i];
    if (cv::norm(Moved(map, from) - cv::Point2d(to)) <= kInPlacePx) {
      ++still;
    } else if (IsGone(overlaid, MovedBack(overlaid.to_source, Moved(of_reference, to)))) {
      gone.from.push_back(from);
      gone.to.push_back(to);
    }
  }
  const int moved = RobustTransform(gone).agreeing;
  return still == 0 || moved < kLeastMoved ? 0 : static_cast<double>(moved) / still;
}

/// Smooth things have no features and no texture in small blocks, but outlines and shading.
[[nodiscard]] double MovedOutlines(const Overlaid& overlaid) {
  constexpr int kLongSide = 256, kHalfBlock = 10, kStep = 8, kReach = 28;  // px
  constexpr double kLeastDeviation = 6;                                    // codes
  constexpr float kAlike = 0.9F, kBetter = 0.4F, kStillThere = 0.7F;       // correlations
  constexpr double kTogetherPx = 1.5;
  // Blocks see less; fine lines that are reduced seem to move, too.
  constexpr double kLeastShiftPx = 3.3;
  const double scale = std::min(
      1.0, static_cast<double>(kLongSide) / std::max(overlaid.edit.cols, overlaid.edit.rows));
  const cv::Mat edit = Shrunk(overlaid.edit, scale);
  const cv::Mat reference = Shrunk(overlaid.reference, scale);
  const cv::Mat inside = Shrunk(overlaid.inside, scale) == 255;
  const cv::Rect whole(0, 0, edit.cols, edit.rows);
  const auto lies_inside = [&](const cv::Rect& r) {
    return cv::countNonZero(inside(r)) == r.area();
  };
  int in_place = 0;
  std::vector<MovedBlock> moved;
  cv::Mat scores;
  for (int y = kHalfBlock; y + kHalfBlock < edit.rows; y += kStep) {
    for (int x = kHalfBlock; x + kHalfBlock < edit.cols; x += kStep) {
      const cv::Rect block = Around({x, y}, kHalfBlock);
      if (!lies_inside(block)) continue;
      cv::Scalar mean, deviation;
      cv::meanStdDev(edit(block), mean, deviation);
      if (deviation[0] < kLeastDeviation) continue;
      const float unmoved = Likeness(reference(block), edit(block));
      if (unmoved >= kInPlace) {
        ++in_place;
        continue;
      }
      const cv::Rect window = Around({x, y}, kHalfBlock + kReach) & whole;
      cv::matchTemplate(reference(window), edit(block), scores, cv::TM_CCOEFF_NORMED);
      cv::Point best;
      double likeness = 0;
      cv::minMaxLoc(scores, nullptr, &likeness, nullptr, &best);
      if (likeness < kAlike || likeness < unmoved + kBetter) continue;
      const cv::Rect there(window.tl() + best, block.size());
      if (cv::norm(there.tl() - block.tl()) < kLeastShiftPx) continue;
      if (!lies_inside(there) || Likeness(reference(there), edit(there)) >= kStillThere) continue;
      moved.push_back({block.tl(), there.tl() - block.tl()});
    }
  }
  const int groups = CountGroups(moved, kNearby * kLongSide, kTogetherPx);
  return groups == 0 ? 0 : static_cast<double>(groups) / (groups + in_place);
}

}  // namespace

ParallaxSigns SignsOfParallax(const Overlaid& overlaid, const BlockMatches& blocks,
                              const PointPairs& features, const PixelMap& map) {
  return {MovedBlocks(overlaid, blocks), SecondMotion(overlaid, features, map),
          MovedOutlines(overlaid)};
}

}  // namespace hdrp
