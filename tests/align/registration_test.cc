// Registration on many made edits. How many is HDR_PROCESS_EDITS (make test-align: 500); the table
// that is printed is docs/alignment.md's. HDR_PROCESS_SEED, a number, makes other edits.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <map>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "align/find/register.h"
#include "base/formatted.h"
#include "make_edit.h"
#include "pictures.h"

namespace hdrp {
namespace {

using test::Count;
using test::Picture;
using test::Pictures;
using test::Seed;
using test::ViewOf;

/// Mean distance of the edit's corners from where they are, pixels of the picture.
[[nodiscard]] double CornerError(const Registration& found, const test::MadeEdit& edit,
                                 cv::Size picture) {
  double sum = 0;
  for (const Point corner : {Point{0, 0}, Point{1, 0}, Point{0, 1}, Point{1, 1}}) {
    const Point at = Apply(found.to_reference, corner);
    const cv::Vec3d truth = edit.to_picture * cv::Vec3d(corner.x * edit.luma.cols - 0.5,
                                                        corner.y * edit.luma.rows - 0.5, 1);
    sum += std::hypot(at.x * picture.width - (truth[0] / truth[2] + 0.5),
                      at.y * picture.height - (truth[1] / truth[2] + 0.5));
  }
  return sum / 4;
}

struct Tally {
  int edits = 0, right = 0, refused = 0;
  double error = 0;  ///< of those that were found, in tolerances
};

void Print(const std::map<std::string, Tally>& rows) {
  std::printf(
      "| edits | number | registered | refused | wrong | mean error (of the tolerance) "
      "|\n|---|---|---|---|---|---|\n");
  for (const auto& [name, row] : rows) {
    std::printf("| %s | %d | %d (%.1f %%) | %d | %d | %.2f |\n", name.c_str(), row.edits, row.right,
                100.0 * row.right / row.edits, row.refused, row.edits - row.right - row.refused,
                row.error / std::max(1, row.edits - row.refused));
  }
}

/// What is looked for in which size of the reference.
struct Survey {
  std::uint32_t seed;
  double least_crop = 0;
  int reference_side = 0;  ///< pixels on the long side; 0: as large as the picture
  bool retouched = false;
};

struct Findings {
  Tally all;
  double most_parallax = 0;  ///< of those found
};

/// Prints the table and the edits that were not found where they are.
[[nodiscard]] Findings Look(const Survey& survey, int count) {
  std::mt19937 random(survey.seed);
  std::map<std::string, Tally> rows;
  Findings findings;
  std::clock_t ticks = 0;
  while (findings.all.edits < count) {
    const Picture& picture = Pictures()[random() % Pictures().size()];
    const test::MadeEdit edit =
        survey.retouched
            ? test::MakeEdit(test::Retouched(picture.rgb,
                                             Pictures()[random() % Pictures().size()].rgb, random),
                             random)
            : test::MakeEdit(picture.rgb, random);
    if (edit.crop < survey.least_crop) continue;
    cv::Mat reference = test::LumaOf(picture.rgb);
    const double tolerance =
        std::max<double>(picture.map_pixel, 0.002 * std::hypot(reference.cols, reference.rows));
    if (survey.reference_side > 0) {
      const double scale =
          static_cast<double>(survey.reference_side) / std::max(reference.cols, reference.rows);
      cv::resize(reference, reference, {}, scale, scale, cv::INTER_AREA);
    }
    const std::clock_t before = std::clock();
    const Expected<Registration> found = Register(ViewOf(edit.luma), ViewOf(reference));
    ticks += std::clock() - before;
    const double error = found ? CornerError(*found, edit, picture.rgb.size()) / tolerance : 0;
    std::vector<Tally*> counted = {
        &findings.all, &rows[picture.name.starts_with("scene") ? "of scenes" : "of photographs"]};
    for (const std::string& kind : edit.kinds) counted.push_back(&rows[kind]);
    for (Tally* row : counted) {
      ++row->edits;
      row->refused += found ? 0 : 1;
      row->right += found && error <= 1 ? 1 : 0;
      row->error += error;
    }
    if (found) findings.most_parallax = std::max(findings.most_parallax, found->parallax);
    if (!found || error > 1) {
      std::printf("%s: %s: %s\n", picture.name.c_str(), edit.description.c_str(),
                  found ? Formatted("off by {:.2f} tolerances, {} places, agreement {:.2f}", error,
                                    found->inliers, found->agreement)
                              .c_str()
                        : found.error().message.c_str());
    }
  }
  rows[" all"] = findings.all;
  Print(rows);
  std::printf("most signs of parallax: %.2f; %.0f ms CPU each\n", findings.most_parallax,
              1000.0 * static_cast<double>(ticks) / CLOCKS_PER_SEC / count);
  return findings;
}

TEST(RegistrationTest, FindsMadeEdits) {
  const Findings findings = Look({.seed = Seed(2026)}, Count());
  EXPECT_GE(findings.all.right, 0.98 * findings.all.edits);
}

TEST(RegistrationTest, FindsMadeEditsInThumbnails) {
  for (const int side : {512, 320}) {
    std::printf("reference of %d pixels\n", side);
    const Findings findings = Look({.seed = Seed(2029), .least_crop = 0.5, .reference_side = side},
                                   std::max(4, Count() / 5));
    EXPECT_GE(findings.all.right, 0.9 * findings.all.edits);
  }
}

TEST(RegistrationTest, FindsRetouchedEdits) {
  const Findings findings =
      Look({.seed = Seed(2030), .least_crop = 0.6, .retouched = true}, std::max(4, Count() / 5));
  EXPECT_GE(findings.all.right, 0.9 * findings.all.edits);
}

TEST(RegistrationTest, NeverTakesAnotherPicture) {
  std::mt19937 random(Seed(2027));
  int taken = 0;
  for (int i = 0; i < Count(); ++i) {
    const std::size_t count = Pictures().size();
    const std::size_t first = random() % count,
                      second = (first + 1 + random() % (count - 1)) % count;
    const test::MadeEdit edit = test::MakeEdit(Pictures()[first].rgb, random);
    const Expected<Registration> found =
        Register(ViewOf(edit.luma), ViewOf(test::LumaOf(Pictures()[second].rgb)));
    if (!found) continue;
    ++taken;
    std::printf("%s in %s: %d places, overlap %.2f, agreement %.2f\n",
                Pictures()[first].name.c_str(), Pictures()[second].name.c_str(), found->inliers,
                found->overlap, found->agreement);
  }
  std::printf("%d unrelated pairs, %d taken\n", Count(), taken);
  EXPECT_EQ(taken, 0);
}

TEST(RegistrationTest, NeverTakesTheSceneFromAnotherPlace) {
  std::mt19937 random(Seed(2028));
  const int pairs = std::max(8, Count() / 2);
  int taken = 0;
  for (int i = 0; i < pairs; ++i) {
    const std::size_t count = Pictures().size();
    const std::size_t first = random() % count,
                      second = (first + 1 + random() % (count - 1)) % count;
    const double shift =
        0.015 * std::exp2(static_cast<double>(i % 8) * 0.4);  // to 10 % of the width
    const test::Views views =
        test::MakeParallax(Pictures()[first].rgb, Pictures()[second].rgb, shift, random);
    const Expected<Registration> found = Register(ViewOf(views.second), ViewOf(views.first));
    if (!found) continue;
    ++taken;
    std::printf(
        "%s before %s, moved by %.3f: %d places, overlap %.2f, agreement %.2f, parallax %.2f\n",
        Pictures()[second].name.c_str(), Pictures()[first].name.c_str(), shift, found->inliers,
        found->overlap, found->agreement, found->parallax);
  }
  std::printf("%d parallax pairs, %d taken\n", pairs, taken);
  EXPECT_EQ(taken, 0);
}

TEST(RegistrationTest, IsTheSameEveryTime) {
  std::mt19937 random(17);
  const Picture& picture = Pictures().back();
  const test::MadeEdit edit = test::MakeEdit(picture.rgb, random);
  const cv::Mat reference = test::LumaOf(picture.rgb);
  const Expected<Registration> once = Register(ViewOf(edit.luma), ViewOf(reference));
  cv::theRNG().state = 12345;
  const Expected<Registration> again = Register(ViewOf(edit.luma), ViewOf(reference));
  ASSERT_TRUE(once) << once.error().message;
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(once->to_reference, again->to_reference);
}

TEST(RegistrationTest, RefusesStretchedPicturesAndSaysSo) {
  const Picture& picture = Pictures().back();
  const cv::Mat reference = test::LumaOf(picture.rgb);
  cv::Mat stretched;
  cv::resize(reference, stretched, {1000, 820}, 0, 0, cv::INTER_AREA);
  const Expected<Registration> found = Register(ViewOf(stretched), ViewOf(reference));
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::kMismatch);
  EXPECT_NE(found.error().message.find("stretched by 9"), std::string::npos)
      << found.error().message;
}

}  // namespace
}  // namespace hdrp
