// The reference laid over the edit by a transform. (OpenCV's types: only the module has them.)
#pragma once

#include <array>
#include <cstdint>
#include <opencv2/core.hpp>

#include "align/find/transform_fit.h"
#include "base/plane.h"

namespace hdrp {

/// The reference in the edit's framing, in a raster that is finer than neither.
struct Overlaid {
  cv::Mat edit, reference, inside;
  cv::Matx33d to_edit;       ///< the raster's pixels to the edit's
  PixelMap to_source;        ///< and to those of the reference at the same scale,
  cv::Matx33d to_reference;  ///< and these to the reference's
};

[[nodiscard]] Overlaid Overlay(const cv::Mat& edit, const cv::Mat& reference, const PixelMap& map);

/// Lengths that a pixel's step in the best and worst direction has in the reference, at a point.
[[nodiscard]] std::array<double, 2> StepsAt(const cv::Matx33d& h, cv::Point2d p);

/// 8 bits, one channel.
[[nodiscard]] inline PlaneView<const std::uint8_t> ViewOf(const cv::Mat& codes) {
  return {codes.ptr<std::uint8_t>(0), codes.cols, codes.rows, 1, codes.step};
}

}  // namespace hdrp
