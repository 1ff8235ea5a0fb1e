// Tables and files of an evaluation.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "evaluate/pairs.h"
#include "evaluate/report.h"

namespace hdrp {
namespace {

using testing::HasSubstr;
using testing::Not;

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
  EXPECT_THAT(tables, HasSubstr("| identity | 0.600 | - | - |")) << "level and shape were not set";
  EXPECT_THAT(tables, HasSubstr("+0.2500 (+0.2500 .. +0.2500) | - | 0 : 2 | +0.250 a.jpg |"));
  EXPECT_THAT(tables, HasSubstr("| b.jpg (flat) |"));
}

TEST(EvaluationReportTest, SourcesAndStrataHaveTablesOfTheirOwn) {
  Evaluation evaluation = TwoGroups();
  evaluation.files[1].source = "repo/two";
  evaluation.files[1].target_top_stops = 2;
  evaluation.files[1].scores[0][Metric::kShapeError] = 0.125;
  const std::string tables = EvaluationTables(evaluation);
  EXPECT_THAT(tables, HasSubstr("By source (2 sources) and against bright:"));
  EXPECT_THAT(tables, HasSubstr("| identity | 0.600 | +0.2500 (+0.2500 .. +0.2500) | +0.2500 .. "
                                "+0.2500 | 0 : 2 | +0.250 a.jpg |"));
  EXPECT_THAT(tables, HasSubstr("| bright | 0.350 | - | - | - | - |"));
  EXPECT_THAT(tables, HasSubstr("| structure | pictures (sources) | predictor | MAE | level | "
                                "shape | hiRec | MAE - bright's (95 %) | 95 % by source | worst "
                                "picture |\n|---|---|---|---|---|---|---|---|---|---|\n"));
  EXPECT_THAT(tables, HasSubstr("| < 0.3 | 1 (1) | identity | 0.500 |"));
  EXPECT_THAT(tables, HasSubstr("| > 1.5 | 1 (1) | identity | 0.700 | - | 0.125 | - | +0.2500 "
                                "(+0.2500 .. +0.2500) | - | +0.250 b.jpg |"));
  EXPECT_THAT(tables, HasSubstr("| > 1.5 | 1 (1) | bright | 0.450 | - | - | - | - | - | - |"));
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
  EXPECT_EQ(json["groups"][0]["sources"], 1);
  EXPECT_NEAR(identity["source_mean_mae_stops"].get<double>(), 0.6, 1e-12);
  EXPECT_TRUE(identity["difference_to_bright"]["source_low_stops"].is_null()) << "one source";
  EXPECT_EQ(identity["difference_to_bright"]["worst"]["name"], "a.jpg");
  ASSERT_EQ(json["groups"][0]["strata"].size(), 1);
  const auto& stratum = json["groups"][0]["strata"][0];
  EXPECT_EQ(stratum["structure"], "< 0.3");
  EXPECT_EQ(stratum["pictures"], 2);
  EXPECT_EQ(stratum["predictors"][0]["difference_to_bright"]["losses"], 2);
  EXPECT_EQ(json["pictures"][2]["source"], "");
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
  EXPECT_EQ(SceneKeyOf("owner/repo", "2025:11:24 09:20:25"), "owner/repo/2025:11:24 09");
}

}  // namespace
}  // namespace hdrp
