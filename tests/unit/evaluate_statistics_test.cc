// What is said of a mean over few pictures.
#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "evaluate/statistics.h"

namespace hdrp {
namespace {

/// Each from a folder of the same name.
std::vector<Difference> Of(const std::vector<double>& values) {
  std::vector<Difference> differences;
  for (const double value : values) differences.push_back({value, "folder"});
  return differences;
}

TEST(PairedDifferenceTest, OfEqualDifferencesHasNoWidth) {
  const PairedDifference d = PairedDifferenceOf(Of({-0.25, -0.25, -0.25, -0.25, -0.25}));
  EXPECT_NEAR(d.mean, -0.25, 1e-12);
  EXPECT_NEAR(d.by_picture.low, -0.25, 1e-12);
  EXPECT_NEAR(d.by_picture.high, -0.25, 1e-12);
  EXPECT_EQ(d.wins, 5);
  EXPECT_EQ(d.losses, 0);
}

TEST(PairedDifferenceTest, IntervalHoldsTheMeanAndRepeats) {
  const auto values = Of({0.3, -0.1, 0.2, 0.05, -0.2, 0.4, 0.00001});
  const PairedDifference d = PairedDifferenceOf(values);
  EXPECT_LT(d.by_picture.low, d.mean);
  EXPECT_GT(d.by_picture.high, d.mean);
  // Standard error 0.22 / sqrt 7 = 0.083; a normal interval would be 0.33 wide.
  EXPECT_NEAR(d.by_picture.high - d.by_picture.low, 0.31, 0.05);
  EXPECT_EQ(d.wins, 2);
  EXPECT_EQ(d.losses, 4);
  EXPECT_EQ(PairedDifferenceOf(values).by_picture.low, d.by_picture.low);
}

TEST(PairedDifferenceTest, OneSourceTellsNothingOfOthers) {
  EXPECT_FALSE(PairedDifferenceOf(Of({0.1, -0.3, 0.2})).by_source);
}

TEST(PairedDifferenceTest, WholeSourcesAreDrawn) {
  // Drawn are two of two sources: both times the first with probability 1/4, then the second, else
  // one of each. So the ends of the interval are the sources' own means.
  const std::vector<Difference> differences = {{-0.4, "a"}, {-0.4, "a"}, {-0.4, "a"}, {-0.4, "a"},
                                               {-0.4, "a"}, {-0.4, "a"}, {0.2, "b"}};
  const PairedDifference d = PairedDifferenceOf(differences);
  EXPECT_NEAR(d.mean, (6 * -0.4 + 0.2) / 7, 1e-12);
  ASSERT_TRUE(d.by_source);
  EXPECT_NEAR(d.by_source->low, -0.4, 1e-12);
  EXPECT_NEAR(d.by_source->high, 0.2, 1e-12);
  EXPECT_LT(d.by_picture.high, 0) << "seven pictures look like evidence, two sources do not";
}

TEST(PairedDifferenceTest, SourcesOfOnePictureEachAreDrawnAsPicturesAre) {
  const std::vector<Difference> differences = {
      {0.3, "a"}, {-0.1, "b"}, {0.2, "c"}, {0.05, "d"}, {-0.2, "e"}};
  const PairedDifference d = PairedDifferenceOf(differences);
  ASSERT_TRUE(d.by_source);
  EXPECT_EQ(d.by_source->low, d.by_picture.low);
  EXPECT_EQ(d.by_source->high, d.by_picture.high);
}

}  // namespace
}  // namespace hdrp
