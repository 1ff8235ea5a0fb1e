#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>

#include "align/framing.h"
#include "base/formatted.h"
#include "gainmap/gain.h"
#include "support/luma_edits.h"
#include "support/scene.h"

namespace hdrp {
namespace {

using testing::AllOf;
using testing::HasSubstr;

struct AspectCase {
  std::string name;
  Raster edit, reference;
  bool agrees;
};

TEST(CheckAspectTest, ComparesDisplayedRasters) {
  using enum Orientation;
  const AspectCase rows[] = {
      {"same", {4080, 3072, kTopLeft}, {4080, 3072, kTopLeft}, true},
      {"smaller edit", {2040, 1536, kTopLeft}, {4080, 3072, kTopLeft}, true},
      {"rounded edit", {1024, 771, kTopLeft}, {4080, 3072, kTopLeft}, true},
      {"both turned", {3072, 4080, kRightTop}, {3072, 4080, kLeftBottom}, true},
      {"turned by the editor", {3072, 4080, kTopLeft}, {4080, 3072, kRightTop}, true},
      {"mirrored", {4080, 3072, kTopRight}, {4080, 3072, kBottomLeft}, true},
      {"only one turned", {4080, 3072, kTopLeft}, {4080, 3072, kRightTop}, false},
      {"0.9 % off", {4037, 4000, kTopLeft}, {4000, 4000, kTopLeft}, true},
      {"1.2 % off", {4048, 4000, kTopLeft}, {4000, 4000, kTopLeft}, false},
      {"1.2 % off, the other way", {4000, 4000, kTopLeft}, {4048, 4000, kTopLeft}, false},
      {"thumbnail", {160, 120, kTopLeft}, {4080, 3072, kTopLeft}, true},
      {"16:9 of 4:3", {4080, 2295, kTopLeft}, {4080, 3072, kTopLeft}, false},
      {"largest sides", {65500, 1, kTopLeft}, {65500, 65500, kTopLeft}, false},
  };
  for (const AspectCase& row : rows) {
    SCOPED_TRACE(row.name);
    const auto result = CheckAspect(row.edit, row.reference);
    ASSERT_EQ(result.has_value(), row.agrees);
    if (row.agrees) continue;
    EXPECT_EQ(result.error().code, ErrorCode::kMismatch);
    const auto described = [](const Raster& raster) {
      return Formatted("{} x {} (EXIF orientation {}", raster.width, raster.height,
                       static_cast<int>(raster.orientation));
    };
    EXPECT_THAT(result.error().message,
                AllOf(HasSubstr("the edit is " + described(row.edit)),
                      HasSubstr("the reference " + described(row.reference))));
  }
}

using Luma = Plane<std::uint8_t>;

constexpr int kWidth = 512;
constexpr int kHeight = 384;

Luma SceneLuma(unsigned seed = 1) {
  return test::LumaOf(test::MakeScene(kWidth, kHeight, seed).sdr.view());
}

double Agreement(const Luma& edit, const Luma& reference) {
  return StructureAgreement(edit.view(), Orientation::kTopLeft, reference.view(),
                            Orientation::kTopLeft);
}

TEST(StructureAgreementTest, EditsAreTheSamePicture) {
  const Luma original = SceneLuma();
  for (const test::LumaEdit& edit : test::SamePictureEdits()) {
    SCOPED_TRACE(edit.name);
    const Luma edited = edit.apply(original.view());
    EXPECT_GE(Agreement(edited, original), kMinStructureAgreement + 0.1);
    EXPECT_GE(Agreement(original, edited), kMinStructureAgreement + 0.1);
  }
}

TEST(StructureAgreementTest, ColourEditsAreTheSamePicture) {
  const test::Scene scene = test::MakeScene(kWidth, kHeight);
  EXPECT_GE(Agreement(test::LumaOf(test::Edited(scene.sdr.view()).view()),
                      test::LumaOf(scene.sdr.view())),
            0.9);
}

TEST(StructureAgreementTest, OtherFramingsAreNot) {
  const Luma original = SceneLuma();
  for (const test::LumaEdit& edit : test::OtherFramings()) {
    SCOPED_TRACE(edit.name);
    EXPECT_LT(Agreement(edit.apply(original.view()), original), kMinStructureAgreement);
  }
}

TEST(StructureAgreementTest, OtherPicturesAreNot) {
  const Luma original = SceneLuma();
  for (unsigned seed = 2; seed < 6; ++seed) {
    EXPECT_LT(Agreement(SceneLuma(seed), original), kMinStructureAgreement) << seed;
  }
}

TEST(StructureAgreementTest, FlatPicturesCannotContradict) {
  const Luma textured = SceneLuma();
  const Luma grey = test::MappedLuma(textured.view(), [](double, int, int) { return 128.0; });
  const Luma white = test::MappedLuma(textured.view(), [](double, int, int) { return 255.0; });
  const Luma ramp = test::MappedLuma(textured.view(), [](double, int x, int) { return x / 4.0; });
  EXPECT_EQ(Agreement(grey, white), 1);
  EXPECT_EQ(Agreement(grey, ramp), 1);
  EXPECT_LT(Agreement(grey, textured), kMinStructureAgreement);
  EXPECT_LT(Agreement(textured, grey), kMinStructureAgreement);
}

TEST(StructureAgreementTest, SmallTextureCountsOnlyAsMuchAsItCovers) {
  // One retouched spot on a white page.
  const Luma page = test::MappedLuma(SceneLuma().view(), [](double, int, int) { return 250.0; });
  const Luma spotted = test::MappedLuma(page.view(), [](double v, int x, int y) {
    return x > 200 && x < 260 && y > 100 && y < 150 ? 128 + 100 * std::sin(x * y) : v;
  });
  EXPECT_GE(Agreement(page, spotted), kMinStructureAgreement);
}

TEST(StructureAgreementTest, EveryMixOfOrientationsAgrees) {
  const Luma original = SceneLuma();
  const auto stored_as = [&](Orientation orientation) {
    return Oriented(original.view(), Inverse(orientation));
  };
  for (unsigned i = 1; i <= 8; ++i) {
    for (unsigned k = 1; k <= 8; ++k) {
      const Orientation edit = *OrientationFrom(i);
      const Orientation reference = *OrientationFrom(k);
      EXPECT_GE(
          StructureAgreement(stored_as(edit).view(), edit, stored_as(reference).view(), reference),
          0.99)
          << i << ' ' << k;
    }
  }
}

TEST(StructureAgreementTest, TheWrongOrientationDisagrees) {
  const Luma original = SceneLuma();
  const Luma stored = Oriented(original.view(), Orientation::kBottomRight);
  EXPECT_LT(StructureAgreement(original.view(), Orientation::kTopLeft, stored.view(),
                               Orientation::kTopLeft),
            kMinStructureAgreement);
}

TEST(StructureAgreementTest, SizesMayDiffer) {
  const Luma large = SceneLuma();
  for (const auto& [width, height] : {std::pair{256, 192}, {300, 226}, {96, 72}}) {
    const Luma small = test::LumaOf(test::MakeScene(width, height).sdr.view());
    EXPECT_GE(Agreement(small, large), kMinStructureAgreement + 0.1) << width;
    EXPECT_GE(Agreement(large, small), kMinStructureAgreement + 0.1) << width;
  }
}

TEST(StructureAgreementTest, TinyPicturesHaveAnAnswer) {
  for (const auto& [width, height] : {std::pair{1, 1}, {1, 300}, {300, 1}, {5, 3}}) {
    const Luma tiny(width, height);
    EXPECT_EQ(Agreement(tiny, tiny), 1);
  }
}

}  // namespace
}  // namespace hdrp
