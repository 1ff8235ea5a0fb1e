#include "align/overlaid.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "align/transform_fit.h"

namespace hdrp {
namespace {

/// From small to large pixel coordinates, centres at whole numbers.
[[nodiscard]] cv::Matx33d Enlarging(cv::Size small, cv::Size large) {
  const double x = static_cast<double>(large.width) / small.width;
  const double y = static_cast<double>(large.height) / small.height;
  return {x, 0, x / 2 - 0.5, 0, y, y / 2 - 0.5, 0, 0, 1};
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

Overlaid Overlay(const cv::Mat& edit, const cv::Mat& reference, const cv::Matx33d& h) {
  const std::array<double, 2> steps = StepsAt(h, {edit.cols / 2.0, edit.rows / 2.0});
  const double zoom = std::sqrt(steps[0] * steps[1]);
  Overlaid result;
  result.edit = edit;
  if (zoom < 1) cv::resize(edit, result.edit, {}, zoom, zoom, cv::INTER_AREA);
  cv::Mat source = reference;
  if (zoom > 1) cv::resize(reference, source, {}, 1 / zoom, 1 / zoom, cv::INTER_AREA);
  result.to_edit = Enlarging(result.edit.size(), edit.size());
  result.to_reference = Enlarging(source.size(), reference.size());
  const cv::Matx33d to_source = result.to_reference.inv() * h * result.to_edit;
  result.to_source = to_source * (1 / to_source(2, 2));
  constexpr int kFlags = cv::WARP_INVERSE_MAP;
  cv::warpPerspective(source, result.reference, result.to_source, result.edit.size(),
                      cv::INTER_LINEAR | kFlags);
  cv::warpPerspective(cv::Mat(source.size(), CV_8UC1, cv::Scalar(255)), result.inside,
                      result.to_source, result.edit.size(), cv::INTER_NEAREST | kFlags);
  return result;
}

}  // namespace hdrp
