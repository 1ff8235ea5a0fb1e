// What registration has right to a pixel, made right to some hundredths. (OpenCV's types: only the
// module has them.)
#pragma once

#include <opencv2/core.hpp>

#include "align/find/transform_fit.h"

namespace hdrp {

/// The map of the edit's pixels to the reference's, by how the detail of blocks all over their
/// overlap correlates: along an edge too, each to less than a pixel. Both 8 bits, one channel. The
/// map as it was where too few blocks say anything, or they would move a place by more than 1.5
/// pixels.
[[nodiscard]] PixelMap Sharpened(const cv::Mat& edit, const cv::Mat& reference,
                                 const PixelMap& map);

}  // namespace hdrp
