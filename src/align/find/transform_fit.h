// The simplest transform that explains pairs of points. (OpenCV's types: only the module has them.)
#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace hdrp {

/// Points of the edit and where they are in the reference, pixels.
struct PointPairs {
  std::vector<cv::Point2f> from, to;
  /// Empty, or a unit vector in the reference for each pair, which alone its distance is along:
  /// what an edge says of its place.
  std::vector<cv::Point2f> along;
  [[nodiscard]] std::size_t size() const { return from.size(); }
};

/// Pixels of the edit to pixels of the reference: projective, then bent about the reference's
/// middle as lens corrections do (align/framing_map.h).
struct PixelMap {
  cv::Matx33d projective = cv::Matx33d::eye();  ///< its last element 1
  double radial = 0;
  cv::Point2d middle = {};  ///< of the reference, its pixels
  double radius = 0;        ///< its half diagonal, px; 0: it may not be bent
};
[[nodiscard]] cv::Point2d Moved(const PixelMap& map, cv::Point2d p);
/// The edit's point that the map moves there.
[[nodiscard]] cv::Point2d MovedBack(const PixelMap& map, cv::Point2d p);

/// The same map of other rasters of the two pictures: `from` takes the new edit's pixels to the
/// old one's, `to` the old reference's to the new one's, both without turning anything.
[[nodiscard]] PixelMap Between(const PixelMap& map, const cv::Matx33d& from, const cv::Matx33d& to);

enum class Model { kSimilarity = 4, kAffine = 6, kHomography = 8 };  ///< and its degrees of freedom

struct TransformFit {
  PixelMap map;
  Model model = Model::kSimilarity;
  double sigma = 0;  ///< robust standard deviation of the agreeing pairs' distances per axis, px
  std::vector<bool> agrees;
  int agreeing = 0;
};

/// From a first guess: least squares over the pairs that agree, again and again, for each model,
/// unbent and (where the guess has a radius) bent; that with the least (robust) cost and price of
/// its parameters is taken. `reach`: distance, px, beyond which a pair never agrees. agreeing is 0
/// where there is no such transform.
[[nodiscard]] TransformFit FitTransform(const PointPairs& pairs, const PixelMap& guess,
                                        double reach);

[[nodiscard]] cv::Point2d Moved(const cv::Matx33d& transform, cv::Point2d p);

}  // namespace hdrp
