// Pictures reduced so that sizes say the scale. (OpenCV's types: only the module has them.)
#pragma once

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace hdrp {

/// Averaged by area. The scale along each side is what the rounded sizes say: told a factor, OpenCV
/// would keep that, and cut off or add to the last pixel.
[[nodiscard]] inline cv::Mat Shrunk(const cv::Mat& picture, double scale) {
  const auto side = [scale](int pixels) {
    return std::max(1, static_cast<int>(std::lround(pixels * scale)));
  };
  cv::Mat result;
  cv::resize(picture, result, {side(picture.cols), side(picture.rows)}, 0, 0, cv::INTER_AREA);
  return result;
}

}  // namespace hdrp
