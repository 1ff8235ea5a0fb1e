// Pictures reduced by the same factor along both sides. (OpenCV's types: only the module has them.)
#pragma once

#include <opencv2/imgproc.hpp>

namespace hdrp {

/// Averaged by area; pixel p of the result lies at (p + 1/2) / scale - 1/2. The sides are rounded,
/// so that the last pixel may be cut off or filled in part: sizes do not say the scale. (By the
/// rounded sizes 1000 x 749.6 pixels would be stretched by a twentieth of a per cent, and no turn
/// or scale of one picture be a similarity of the other.)
[[nodiscard]] inline cv::Mat Shrunk(const cv::Mat& picture, double scale) {
  cv::Mat result;
  cv::resize(picture, result, {}, scale, scale, cv::INTER_AREA);
  return result;
}

}  // namespace hdrp
