#include "align/find/feature_matches.h"

#include <algorithm>
#include <cmath>
#include <opencv2/calib3d.hpp>
#include <opencv2/features2d.hpp>
#include <opencv2/imgproc.hpp>

#include "align/find/shrunk.h"

namespace hdrp {
namespace {

constexpr double kContrast = 0.005;  // SIFT's threshold, below its default: soft skies have little
constexpr float kRatio = 0.85F;      // of distances, nearest to second-nearest descriptor
constexpr double kInlierPx = 3;
constexpr double kReachPx = 5;
constexpr std::size_t kLeastPairs = 8;

[[nodiscard]] cv::UsacParams Usac() {
  cv::UsacParams params;
  params.sampler = cv::SAMPLING_UNIFORM;
  params.score = cv::SCORE_METHOD_MAGSAC;
  params.loMethod = cv::LOCAL_OPTIM_SIGMA;
  params.threshold = kInlierPx;
  params.maxIterations = 20000;
  params.confidence = 0.9999;
  params.randomGeneratorState = 1;
  params.isParallel = false;
  return params;
}

/// Not everything moved to one point, or from one.
[[nodiscard]] bool IsScale(const cv::Matx33d& transform) {
  const double scale =
      std::sqrt(std::abs(transform(0, 0) * transform(1, 1) - transform(0, 1) * transform(1, 0)));
  return scale > 0.02 && scale < 50;
}

[[nodiscard]] int Agreeing(const PointPairs& pairs, const cv::Matx33d& transform) {
  int count = 0;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    count +=
        cv::norm(Moved(transform, pairs.from[i]) - cv::Point2d(pairs.to[i])) <= kInlierPx ? 1 : 0;
  }
  return count;
}

}  // namespace

Features FeaturesOf(const cv::Mat& luma, const FeatureSearch& search) {
  cv::Mat even = luma;
  const double scale =
      std::min(1.0, static_cast<double>(search.long_side) / std::max(luma.cols, luma.rows));
  if (scale < 1) even = Shrunk(luma, scale);
  cv::createCLAHE(4, {8, 8})->apply(even, even);
  std::vector<cv::KeyPoint> points;
  Features features;
  // OpenCV's features lie a quarter of a pixel off (of the doubled picture) unless asked not to.
  constexpr double kEdge = 10, kSigma = 1.6;  // its defaults
  cv::SIFT::create(search.features, 3, kContrast, kEdge, kSigma, /*enable_precise_upscale=*/true)
      ->detectAndCompute(even, cv::noArray(), points, features.descriptors);
  cv::KeyPoint::convert(points, features.points);
  const auto step = static_cast<float>(1 / scale);
  for (cv::Point2f& p : features.points) {
    p = {(p.x + 0.5F) * step - 0.5F, (p.y + 0.5F) * step - 0.5F};
  }
  // The Hellinger distance of the histograms.
  for (int i = 0; i < features.descriptors.rows; ++i) {
    cv::Mat row = features.descriptors.row(i);
    row /= std::max(cv::norm(row, cv::NORM_L1), 1e-9);
    cv::sqrt(row, row);
  }
  return features;
}

Features Mirrored(const Features& features, int width) {
  Features mirrored{features.points, cv::Mat(features.descriptors.size(), CV_32F)};
  for (cv::Point2f& p : mirrored.points) p.x = static_cast<float>(width - 1) - p.x;
  // A descriptor is 4 rows of 4 histograms of 8 directions, turned to the point's own direction: in
  // a mirror the rows run the other way and so do the directions.
  constexpr int kRows = 4, kColumns = 4, kDirections = 8;
  for (int i = 0; i < features.descriptors.rows; ++i) {
    const float* in = features.descriptors.ptr<float>(i);
    float* out = mirrored.descriptors.ptr<float>(i);
    for (int row = 0; row < kRows; ++row) {
      for (int column = 0; column < kColumns; ++column) {
        const float* from = in + ((kRows - 1 - row) * kColumns + column) * kDirections;
        float* to = out + (row * kColumns + column) * kDirections;
        for (int k = 0; k < kDirections; ++k) to[k] = from[(kDirections - k) % kDirections];
      }
    }
  }
  return mirrored;
}

PointPairs MatchFeatures(const Features& edit, const Features& reference) {
  PointPairs result;
  if (edit.points.size() < kLeastPairs || reference.points.size() < kLeastPairs) return result;
  std::vector<std::vector<cv::DMatch>> pairs;
  cv::BFMatcher(cv::NORM_L2).knnMatch(edit.descriptors, reference.descriptors, pairs, 2);
  // One to one: of several that are like the same point the best.
  std::vector<cv::DMatch> best_of(reference.points.size());
  for (const auto& pair : pairs) {
    if (pair.size() < 2 || pair[0].distance > kRatio * pair[1].distance) continue;
    cv::DMatch& best = best_of[static_cast<std::size_t>(pair[0].trainIdx)];
    if (pair[0].distance < best.distance) best = pair[0];
  }
  for (const cv::DMatch& match : best_of) {
    if (match.queryIdx < 0) continue;
    result.from.push_back(edit.points[static_cast<std::size_t>(match.queryIdx)]);
    result.to.push_back(reference.points[static_cast<std::size_t>(match.trainIdx)]);
  }
  return result;
}

TransformFit RobustTransform(const PointPairs& pairs, const PixelMap& bend) {
  if (pairs.size() < kLeastPairs) return {};
  cv::Matx33d guess;
  int most = 0;
  const auto consider = [&](const cv::Matx33d& transform) {
    if (!IsScale(transform)) return;
    const int agreeing = Agreeing(pairs, transform);
    if (agreeing <= most) return;
    most = agreeing;
    guess = transform;
  };
  cv::theRNG().state = 1;
  const cv::Mat similarity = cv::estimateAffinePartial2D(pairs.from, pairs.to, cv::noArray(),
                                                         cv::RANSAC, kInlierPx, 5000, 0.999, 10);
  if (!similarity.empty()) {
    const cv::Matx23d rows(similarity);
    consider({rows(0, 0), rows(0, 1), rows(0, 2), rows(1, 0), rows(1, 1), rows(1, 2), 0, 0, 1});
  }
  cv::Mat mask;
  const cv::Mat homography = cv::findHomography(pairs.from, pairs.to, mask, Usac());
  if (!homography.empty()) consider(cv::Matx33d(homography));
  if (most == 0) return {};
  PixelMap map = bend;
  map.projective = guess * (1 / guess(2, 2));
  return FitTransform(pairs, map, kReachPx);
}

}  // namespace hdrp
