#include "align/find/block_matches.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <opencv2/imgproc.hpp>

namespace hdrp {
namespace {

constexpr int kBlock = 25;  // px a side, odd
/// Codes per px, root of the weaker direction's mean squared slope.
constexpr double kLeastTexture = 1.2;

/// Slopes in two directions: along an edge alone a block slides.
[[nodiscard]] bool HasTexture(const cv::Mat& block) {
  double xx = 0, yy = 0, xy = 0;
  for (int y = 1; y + 1 < block.rows; ++y) {
    for (int x = 1; x + 1 < block.cols; ++x) {
      const double dx = (block.at<std::uint8_t>(y, x + 1) - block.at<std::uint8_t>(y, x - 1)) / 2.0;
      const double dy = (block.at<std::uint8_t>(y + 1, x) - block.at<std::uint8_t>(y - 1, x)) / 2.0;
      xx += dx * dx;
      yy += dy * dy;
      xy += dx * dy;
    }
  }
  const double area = (block.rows - 2) * (block.cols - 2);
  const double weaker = ((xx + yy) - std::hypot(xx - yy, 2 * xy)) / 2 / area;
  return weaker >= kLeastTexture * kLeastTexture;
}

/// Vertex of the parabola through three samples, around the middle one.
[[nodiscard]] float Vertex(float before, float at, float after) {
  const float bend = before - 2 * at + after;
  return bend < 0 ? std::clamp((before - after) / (2 * bend), -0.5F, 0.5F) : 0;
}

}  // namespace

BlockMatches MatchBlocks(const cv::Mat& edit, const cv::Mat& other, const cv::Mat& inside,
                         const BlockSearch& search) {
  const int reach = search.reach;
  BlockMatches result;
  const int margin = kBlock / 2 + reach;
  const double step =
      std::max(4.0, static_cast<double>(std::max(edit.cols, edit.rows)) / search.across);
  cv::Mat scores;
  for (double y = margin; y + margin < edit.rows; y += step) {
    for (double x = margin; x + margin < edit.cols; x += step) {
      const cv::Point middle(static_cast<int>(x), static_cast<int>(y));
      const cv::Rect window(middle.x - margin, middle.y - margin, 2 * margin + 1, 2 * margin + 1);
      if (cv::countNonZero(inside(window)) < window.area()) continue;
      const cv::Mat block =
          edit(cv::Rect(middle.x - kBlock / 2, middle.y - kBlock / 2, kBlock, kBlock));
      if (!HasTexture(block)) continue;
      ++result.blocks;
      cv::matchTemplate(other(window), block, scores, cv::TM_CCOEFF_NORMED);
      cv::Point best;
      double likeness = 0;
      cv::minMaxLoc(scores, nullptr, &likeness, nullptr, &best);
      if (best.x == 0 || best.y == 0 || best.x + 1 == scores.cols || best.y + 1 == scores.rows) {
        continue;
      }
      const auto at = [&](int dx, int dy) { return scores.at<float>(best.y + dy, best.x + dx); };
      const cv::Point2f shift(
          static_cast<float>(best.x - reach) + Vertex(at(-1, 0), at(0, 0), at(1, 0)),
          static_cast<float>(best.y - reach) + Vertex(at(0, -1), at(0, 0), at(0, 1)));
      result.matches.push_back(
          {middle, shift, static_cast<float>(likeness), scores.at<float>(reach, reach)});
    }
  }
  return result;
}

}  // namespace hdrp
