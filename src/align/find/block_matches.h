// Where small blocks of one picture lie in another that is nearly aligned with it, to a fraction of
// a pixel. (OpenCV's types: only the module has them.)
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace hdrp {

struct BlockMatch {
  cv::Point2f at;     ///< the block's middle in the edit
  cv::Point2f shift;  ///< to where it is found in the other picture
  float likeness;     ///< normalised cross-correlation there, -1..1
  float unmoved;      ///< and without the shift
};

struct BlockMatches {
  std::vector<BlockMatch> matches;  ///< of the blocks with texture in two directions
  int blocks = 0;                   ///< how many those are
};

struct BlockSearch {
  int reach;        ///< the farthest shift, px; a block that is best there has no match
  int across = 28;  ///< blocks on the long side
};

/// Both of one size, 8 bits, one channel; only blocks that lie where `inside` is not 0 as a whole.
[[nodiscard]] BlockMatches MatchBlocks(const cv::Mat& edit, const cv::Mat& other,
                                       const cv::Mat& inside, const BlockSearch& search);

}  // namespace hdrp
