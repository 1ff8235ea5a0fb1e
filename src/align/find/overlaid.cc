#include "align/find/overlaid.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "align/find/shrunk.h"

namespace hdrp {
namespace {

/// From a shrunk picture's pixel coordinates to its own, centres at whole numbers.
[[nodiscard]] cv::Matx33d Enlarging(double scale) {
  const double step = 1 / scale;
  return {step, 0, step / 2 - 0.5, 0, step, step / 2 - 0.5, 0, 0, 1};
}

}  // namespace

std::array<double, 2> StepsAt(const cv::Matx33d& h, cv::Point2d p) {
  const cv::Point2d at = Moved(h, p);
  const cv::Point2d dx = Moved(h, p + cv::Point2d(1, 0)) - at,
                    dy = Moved(h, p + cv::Point2d(0, 1)) - at;
  const double sum = dx.dot(dx) + dy.dot(dy), area = std::abs(dx.x * dy.y - dx.y * dy.x);
  const double root = std::sqrt(std::max(0.0, sum * sum / 4 - area * area));
  return {std::sqrt(sum / 2 + root), std::sqrt(std::max(0.0, sum / 2 - root))};
}

Overlaid Overlay(const cv::Mat& edit, const cv::Mat& reference, const PixelMap& map) {
  const std::array<double, 2> steps = StepsAt(map.projective, {edit.cols / 2.0, edit.rows / 2.0});
  const double zoom = std::sqrt(steps[0] * steps[1]);
  const double of_edit = std::min(1.0, zoom), of_reference = std::min(1.0, 1 / zoom);
  Overlaid result;
  result.edit = of_edit < 1 ? Shrunk(edit, of_edit) : edit;
  const cv::Mat source = of_reference < 1 ? Shrunk(reference, of_reference) : reference;
  result.to_edit = Enlarging(of_edit);
  result.to_reference = Enlarging(of_reference);
  result.to_source = Between(map, result.to_edit, result.to_reference.inv());
  const cv::Mat all(source.size(), CV_8UC1, cv::Scalar(255));
  if (map.radial == 0) {
    const auto taken = [&](const cv::Mat& from, int interpolation) {
      cv::Mat to;
      cv::warpPerspective(from, to, result.to_source.projective, result.edit.size(),
                          interpolation | cv::WARP_INVERSE_MAP);
      return to;
    };
    result.reference = taken(source, cv::INTER_LINEAR);
    result.inside = taken(all, cv::INTER_NEAREST);
    return result;
  }
  cv::Mat places(result.edit.size(), CV_32FC2);
  for (int y = 0; y < places.rows; ++y) {
    for (int x = 0; x < places.cols; ++x) {
      places.at<cv::Point2f>(y, x) = Moved(result.to_source, {1.0 * x, 1.0 * y});
    }
  }
  cv::remap(source, result.reference, places, cv::noArray(), cv::INTER_LINEAR);
  cv::remap(all, result.inside, places, cv::noArray(), cv::INTER_NEAREST);
  return result;
}

}  // namespace hdrp
