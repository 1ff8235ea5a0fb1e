// Means by source, strata by structure, and the worst picture, on files whose numbers are made up.
#include <gtest/gtest.h>

#include <string>

#include "evaluate/summary.h"

namespace hdrp {
namespace {

JudgedFile File(const std::string& name, const std::string& source, double top, double chosen) {
  JudgedFile file;
  file.name = name;
  file.source = source;
  file.target_p50_stops = 0.25;
  file.target_top_stops = 0.25 + top;
  file.scores.resize(2);
  file.scores[0][Metric::kError] = 0.5;  // bright
  file.scores[1][Metric::kError] = chosen;
  return file;
}

Evaluation ThreeAndOne() {
  Evaluation evaluation;
  evaluation.predictors = {Predictor::kBright, Predictor::kChosen};
  evaluation.files = {File("1.jpg", "a", 0, 0.125), File("2.jpg", "a", 0.125, 0.25),
                      File("3.jpg", "a", 2, 0.75), File("4.jpg", "b", 2, 0.625)};
  return evaluation;
}

TEST(SummariesTest, SourcesCountAlike) {
  const Evaluation evaluation = ThreeAndOne();
  const auto summaries = SummariesOf(evaluation);
  ASSERT_EQ(summaries.size(), 1U);
  const Summary& all = summaries[0].all;
  EXPECT_EQ(all.sources, 2U);
  const SummaryRow& chosen = all.rows[1];
  EXPECT_NEAR(*chosen.means[Metric::kError], (0.125 + 0.25 + 0.75 + 0.625) / 4, 1e-12);
  EXPECT_NEAR(chosen.source_mean_error_stops, (0.375 + 0.625) / 2, 1e-12);
  EXPECT_NEAR(all.rows[0].source_mean_error_stops, 0.5, 1e-12);
}

TEST(SummariesTest, NameTheWorstPicture) {
  const Evaluation evaluation = ThreeAndOne();
  const auto summaries = SummariesOf(evaluation);
  EXPECT_FALSE(summaries[0].all.rows[0].against_bright) << "that is bright";
  const auto& against = summaries[0].all.rows[1].against_bright;
  ASSERT_TRUE(against);
  EXPECT_EQ(against->worst->name, "3.jpg");
  EXPECT_NEAR(against->worst_stops, 0.25, 1e-12);
  EXPECT_NEAR(against->difference.mean, (-0.375 - 0.25 + 0.25 + 0.125) / 4, 1e-12);
}

TEST(SummariesTest, StrataAreOnlyThoseThatHavePictures) {
  const Evaluation evaluation = ThreeAndOne();
  const auto strata = SummariesOf(evaluation)[0].strata;
  ASSERT_EQ(strata.size(), 2U);
  EXPECT_EQ(NameOf(strata[0].structure), "< 0.3");
  EXPECT_EQ(strata[0].summary.files.size(), 2U);
  EXPECT_EQ(strata[0].summary.sources, 1U);
  EXPECT_NEAR(strata[0].summary.rows[1].against_bright->difference.mean, -0.3125, 1e-12);
  EXPECT_FALSE(strata[0].summary.rows[1].against_bright->difference.by_source);
  EXPECT_EQ(NameOf(strata[1].structure), "> 1.5");
  EXPECT_EQ(strata[1].summary.sources, 2U);
  EXPECT_EQ(strata[1].summary.rows[1].against_bright->worst->name, "3.jpg");
}

TEST(SummariesTest, WithoutBrightNothingIsCompared) {
  Evaluation evaluation = ThreeAndOne();
  evaluation.predictors[0] = Predictor::kIdentity;
  const auto alone = SummariesOf(evaluation);  // outlives the loop
  for (const SummaryRow& row : alone[0].all.rows) EXPECT_FALSE(row.against_bright);
}

TEST(StructureTest, BoundsBelongWhereTheNamesSay) {
  EXPECT_EQ(StructureOf(0), Structure::kPlain);
  EXPECT_EQ(StructureOf(0.299), Structure::kPlain);
  EXPECT_EQ(StructureOf(0.3), Structure::kSlight);
  EXPECT_EQ(StructureOf(0.749), Structure::kSlight);
  EXPECT_EQ(StructureOf(0.75), Structure::kMarked);
  EXPECT_EQ(StructureOf(1.5), Structure::kMarked);
  EXPECT_EQ(StructureOf(1.501), Structure::kStrong);
}

}  // namespace
}  // namespace hdrp
