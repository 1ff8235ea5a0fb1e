// Distinctive points of two pictures that look alike. (OpenCV's types: only the module has them.)
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "align/find/transform_fit.h"

namespace hdrp {

struct Features {
  std::vector<cv::Point2f> points;
  cv::Mat descriptors;
};

/// How closely features are looked for. SIFT doubles the picture first, so that half its size is
/// enough for most; small or soft edits need what only the whole size shows.
struct FeatureSearch {
  int long_side = 640;  ///< pixels, at most
  int features = 1500;  ///< the strongest
};
inline constexpr FeatureSearch kThoroughSearch{.long_side = 1000, .features = 4000};

/// RootSIFT of an 8-bit picture whose tone is evened out first, in the picture's own pixels.
[[nodiscard]] Features FeaturesOf(const cv::Mat& luma, const FeatureSearch& search = {});

/// What FeaturesOf finds in the picture mirrored left-right, nearly, without looking again. `width`
/// of the picture, pixels.
[[nodiscard]] Features Mirrored(const Features& features, int width);

/// Pairs that are clearly more alike than the next best pair.
[[nodiscard]] PointPairs MatchFeatures(const Features& edit, const Features& reference);

/// The transform that most pairs agree with, or an empty fit. Deterministic. `bend` has the middle
/// and the radius about which it may be bent.
[[nodiscard]] TransformFit RobustTransform(const PointPairs& pairs, const PixelMap& bend = {});

}  // namespace hdrp
