#include "align/find/transform_fit.h"

#include <gtest/gtest.h>

#include <random>

namespace hdrp {
namespace {

constexpr double kNoisePx = 0.3;

/// 300 points of an 800 x 600 raster, with noise; a third of them anywhere.
PointPairs PairsOf(const PixelMap& map) {
  std::mt19937 random(3);
  const auto uniform = [&random](double end) {
    return end * static_cast<double>(random()) / 4294967296.0;
  };
  PointPairs pairs;
  for (int i = 0; i < 300; ++i) {
    const cv::Point2d from(uniform(800), uniform(600));
    cv::Point2d to = Moved(map, from);
    // The sum of twelve uniform numbers is nearly normal, the same on every machine.
    double x = -6, y = -6;
    for (int k = 0; k < 12; ++k) {
      x += uniform(1);
      y += uniform(1);
    }
    to += kNoisePx * cv::Point2d(x, y);
    if (i % 3 == 0) to = {uniform(800), uniform(600)};
    pairs.from.emplace_back(from);
    pairs.to.emplace_back(to);
  }
  return pairs;
}

struct FitCase {
  const char* name;
  cv::Matx33d transform;
  Model model;
};

TEST(TransformFitTest, TakesTheSimplestModelThatExplainsThePairs) {
  const FitCase rows[] = {
      {"similarity", {0.8, -0.3, 40, 0.3, 0.8, -20, 0, 0, 1}, Model::kSimilarity},
      {"stretched", {0.8, 0, 40, 0, 0.85, -20, 0, 0, 1}, Model::kAffine},
      {"tilted", {0.8, 0, 40, 0, 0.8, -20, 1e-4, -5e-5, 1}, Model::kHomography},
  };
  for (const FitCase& row : rows) {
    SCOPED_TRACE(row.name);
    const cv::Matx33d nearly = row.transform + cv::Matx33d(0.002, 0, 1, 0, -0.002, -1, 0, 0, 0);
    const TransformFit fit =
        FitTransform(PairsOf({.projective = row.transform}), PixelMap{.projective = nearly}, 5);
    EXPECT_EQ(fit.model, row.model);
    EXPECT_GE(fit.agreeing, 190);
    EXPECT_LE(fit.agreeing, 210);
    EXPECT_NEAR(fit.sigma, kNoisePx, 0.1);
    for (const cv::Point2d corner : {cv::Point2d(0, 0), {800, 0}, {0, 600}, {800, 600}}) {
      EXPECT_LT(cv::norm(Moved(fit.map, corner) - Moved(row.transform, corner)), 0.3);
    }
  }
}

TEST(TransformFitTest, FindsABendAndNoneWhereThereIsNone) {
  PixelMap map{.projective = {0.97, -0.02, 40, 0.02, 0.97, -20, 0, 0, 1},
               .middle = {410, 290},
               .radius = 500};
  for (const double radial : {0.0, 0.01, -0.03}) {
    map.radial = radial;
    PixelMap guess = map;
    guess.radial = 0;
    const TransformFit fit = FitTransform(PairsOf(map), guess, 10);
    EXPECT_NEAR(fit.map.radial, radial, 0.001);
    EXPECT_EQ(fit.map.radial == 0, radial == 0);
    for (const cv::Point2d corner : {cv::Point2d(0, 0), {800, 0}, {0, 600}, {800, 600}}) {
      EXPECT_LT(cv::norm(Moved(fit.map, corner) - Moved(map, corner)), 0.3);
      EXPECT_LT(cv::norm(MovedBack(map, Moved(map, corner)) - corner), 0.01);
    }
  }
}

TEST(TransformFitTest, FitsNothingToTooFewPairsOrToOnePoint) {
  EXPECT_EQ(FitTransform({}, PixelMap{}, 5).agreeing, 0);
  PointPairs same;
  for (int i = 0; i < 20; ++i) {
    same.from.emplace_back(5, 5);
    same.to.emplace_back(5, 5);
  }
  EXPECT_EQ(FitTransform(same, PixelMap{}, 5).agreeing, 0);
}

}  // namespace
}  // namespace hdrp
