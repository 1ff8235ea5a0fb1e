// The simplest transform that explains pairs of points. (OpenCV's types: only the module has them.)
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace hdrp {

/// Points of the edit and where they are in the reference, pixels.
struct PointPairs {
  std::vector<cv::Point2f> from, to;
  [[nodiscard]] std::size_t size() const { return from.size(); }
};

enum class Model { kSimilarity = 4, kAffine = 6, kHomography = 8 };  ///< and its degrees of freedom

struct TransformFit {
  cv::Matx33d transform;  ///< its last element 1
  Model model = Model::kSimilarity;
  double sigma = 0;  ///< robust standard deviation of the agreeing pairs' distances per axis, px
  std::vector<bool> agrees;
  int agreeing = 0;
};

/// From a first guess: least squares over the pairs that agree, again and again, for each model;
/// that with the least (robust) cost and price of its parameters is taken. `reach`: distance, px,
/// beyond which a pair never agrees. agreeing is 0 where there is no such transform.
[[nodiscard]] TransformFit FitTransform(const PointPairs& pairs, const cv::Matx33d& guess,
                                        double reach);

[[nodiscard]] cv::Point2d Moved(const cv::Matx33d& transform, cv::Point2d p);

}  // namespace hdrp
