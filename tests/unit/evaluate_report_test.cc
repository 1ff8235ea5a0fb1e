// Statistics, tables and files of an evaluation.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "evaluate/pairs.h"
#include "evaluate/report.h"
#include "evaluate/statistics.h"

namespace hdrp {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(PairedDifferenceTest, OfEqualDifferencesHasNoWidth) {
  const std::vector<double> same(5, -0.25);
  const PairedDifference d = PairedDifferenceOf(same);
  EXPECT_NEAR(d.mean, -0.25, 1e-12);
  EXPECT_NEAR(d.low, -0.25, 1e-12);
  EXPECT_NEAR(d.high, -0.25, 1e-12);
  EXPECT_EQ(d.wins, 5);
  EXPECT_EQ(d.losses, 0);
}

TEST(PairedDifferenceTest, IntervalHoldsTheMeanAndRepeats) {
  const std::vector<double> values = {0.3, -0.1, 0.2, 0.05, -0.2, 0.4, 0.00001};
  const PairedDifference d = PairedDifferenceOf(values);
  EXPECT_LT(d.low, d.mean);
  EXPECT_GT(d.high, d.mean);
  // Standard error 0.22 / sqrt 7 = 0.083; a normal interval would be 0.33 wide.
  EXPECT_NEAR(d.high - d.low, 0.31, 0.05);
  EXPECT_EQ(d.wins, 2);
  EXPECT_EQ(d.losses, 4);
  EXPECT_EQ(PairedDifferenceOf(values).low, d.low);
}

JudgedFile File(const std::string& name, WriterGroup group, double identity, double bright) {
  JudgedFile file;
  file.name = name;
  file.group = group;
  file.scores.resize(2);
  file.scores[0][Metric::kError] = identity;
  file.scores[1][Metric::kError] = bright;
  return file;
}

Evaluation TwoGroups() {
  Evaluation evaluation;
  evaluation.predictors = {Predictor::kIdentity, Predictor::kBright};
  evaluation.files.push_back(File("a.jpg", WriterGroup::kPhone, 0.5, 0.25));
  evaluation.files.push_back(File("b.jpg", WriterGroup::kPhone, 0.7, 0.45));
  evaluation.files.push_back(File("c.jpg", WriterGroup::kAcr, 0.1, 0.9));
  evaluation.files[1].flat_map = true;
  evaluation.skipped.push_back({"d.jpg", {ErrorCode::kNoGainMap, "no gain map", "d.jpg", {}}});
  return evaluation;
}

TEST(EvaluationReportTest, GroupsAreNeverPooled) {
  const std::string tables = EvaluationTables(TwoGroups());
  EXPECT_THAT(tables, HasSubstr("## phone: 2 pictures, 1 of them with a nearly flat map"));
  EXPECT_THAT(tables, HasSubstr("## acr: 1 picture, 0 of them"));
  EXPECT_THAT(tables, HasSubstr("| identity | 0.600 |"));
  EXPECT_THAT(tables, HasSubstr("+0.2500 (+0.2500 .. +0.2500) | 0 : 2 |"));
  EXPECT_THAT(tables, HasSubstr("| b.jpg (flat) |"));
}

TEST(EvaluationReportTest, JsonSaysTheSame) {
  const auto json = nlohmann::json::parse(EvaluationJson(TwoGroups()));
  EXPECT_EQ(json["schema"], "hdr-process/evaluation/1");
  ASSERT_EQ(json["groups"].size(), 2);
  EXPECT_EQ(json["groups"][0]["pictures"], 2);
  const auto& identity = json["groups"][0]["predictors"][0];
  EXPECT_NEAR(identity["means"]["mae_stops"].get<double>(), 0.6, 1e-12);
  EXPECT_TRUE(identity["means"]["pq_psnr_db"].is_null()) << "none of the pictures has one";
  EXPECT_EQ(identity["difference_to_bright"]["losses"], 2);
  EXPECT_FALSE(json["groups"][0]["predictors"][1].contains("difference_to_bright"));
  EXPECT_EQ(json["pictures"][2]["scores"]["bright"]["mae_stops"], 0.9);
  EXPECT_EQ(json["skipped"][0]["id"], "no_gain_map");
}

TEST(NpyTest, HasNumPysHeader) {
  Plane<float> plane(3, 2);
  plane.view().At(2, 1) = 1.5F;
  const Bytes file = NpyOf(plane.view());
  ASSERT_EQ(file.size(), 128 + 3 * 2 * 4);
  const std::string head(file.begin(), file.begin() + 128);
  EXPECT_EQ(head.substr(1, 5), "NUMPY");
  EXPECT_EQ(file[8], 118) << "128 less the preamble";
  EXPECT_THAT(head, HasSubstr("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"));
  EXPECT_EQ(head.back(), '\n');
  const std::array<std::uint8_t, 4> last = {file[148], file[149], file[150], file[151]};
  EXPECT_EQ(last, (std::array<std::uint8_t, 4>{0, 0, 0xC0, 0x3F}));

  const Plane<std::uint8_t> colour(5, 4, 3);
  const Bytes codes = NpyOf(colour.view());
  EXPECT_EQ(codes.size(), 128 + 5 * 4 * 3) << "rows are not padded";
  EXPECT_THAT(std::string(codes.begin(), codes.begin() + 128), HasSubstr("'|u1'"));
}

TEST(SceneTest, GroupsAndKeysComeFromTheMetadata) {
  EXPECT_EQ(WriterGroupOf("HDR+ 1.0.585804401nd", ""), WriterGroup::kPhone);
  EXPECT_EQ(WriterGroupOf("Adobe Photoshop Camera Raw 16.0", ""), WriterGroup::kAcr);
  EXPECT_EQ(WriterGroupOf("", "Adobe Lightroom"), WriterGroup::kAcr);
  EXPECT_EQ(SceneKeyOf("walk", "2025:11:24 09:20:25"), "walk/2025:11:24 09");
  EXPECT_EQ(SceneKeyOf("walk", ""), "walk");
}

}  // namespace
}  // namespace hdrp
