#include "align/find/feature_matches.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "support/luma_edits.h"
#include "support/scene.h"

namespace hdrp {
namespace {

cv::Mat SceneLuma() {
  const Plane<std::uint8_t> luma = test::LumaOf(test::MakeScene(640, 480).sdr.view());
  cv::Mat mat(luma.height(), luma.width(), CV_8UC1);
  for (int y = 0; y < luma.height(); ++y) {
    std::copy_n(luma.Row(y), luma.width(), mat.ptr<std::uint8_t>(y));
  }
  return mat;
}

/// Share of the points of `some` with one of `others` within 1.5 px whose descriptor is alike.
double ShareWithTwin(const Features& some, const Features& others) {
  int twins = 0;
  for (std::size_t i = 0; i < some.points.size(); ++i) {
    const auto is_twin = [&, i](std::size_t k) {
      return cv::norm(some.points[i] - others.points[k]) < 1.5 &&
             cv::norm(some.descriptors.row(static_cast<int>(i)),
                      others.descriptors.row(static_cast<int>(k))) < 0.4;
    };
    for (std::size_t k = 0; k < others.points.size(); ++k) {
      if (!is_twin(k)) continue;
      ++twins;
      break;
    }
  }
  return static_cast<double>(twins) / static_cast<double>(some.points.size());
}

TEST(FeatureMatchesTest, MirroredFeaturesAreThoseOfTheMirroredPicture) {
  const cv::Mat luma = SceneLuma();
  cv::Mat flipped;
  cv::flip(luma, flipped, 1);
  const Features features = FeaturesOf(luma);
  ASSERT_GT(features.points.size(), 300U);
  const Features found = FeaturesOf(flipped);
  EXPECT_GT(ShareWithTwin(Mirrored(features, luma.cols), found), 0.8);
  EXPECT_LT(ShareWithTwin(features, found), 0.05);
}

TEST(FeatureMatchesTest, MirroringTwiceChangesNothing) {
  const cv::Mat luma = SceneLuma();
  const Features features = FeaturesOf(luma);
  const Features twice = Mirrored(Mirrored(features, luma.cols), luma.cols);
  ASSERT_EQ(twice.points.size(), features.points.size());
  for (std::size_t i = 0; i < features.points.size(); ++i) {
    EXPECT_LT(cv::norm(twice.points[i] - features.points[i]), 1e-3);
  }
  EXPECT_EQ(cv::norm(twice.descriptors, features.descriptors), 0);
}

TEST(FeatureMatchesTest, FlatPicturesHaveNothingToMatch) {
  const Features none = FeaturesOf(cv::Mat(300, 400, CV_8UC1, cv::Scalar(128)));
  EXPECT_TRUE(none.points.empty());
  EXPECT_EQ(MatchFeatures(none, FeaturesOf(SceneLuma())).size(), 0U);
  EXPECT_EQ(MatchFeatures(Mirrored(none, 400), none).size(), 0U);
  EXPECT_EQ(RobustTransform({}).agreeing, 0);
}

}  // namespace
}  // namespace hdrp
