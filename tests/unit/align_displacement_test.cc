#include <gtest/gtest.h>

#include <string>

#include "align/find/displacement.h"
#include "align/find/shift_field.h"
#include "support/luma_edits.h"
#include "support/reframed.h"
#include "support/scene.h"

namespace hdrp {
namespace {

constexpr int kWidth = 512, kHeight = 384;
constexpr double kAspect = 4.0 / 3;
constexpr double kTolerance = 0.25 / kWidth;  // half a pixel of a map at a quarter of the picture

Plane<std::uint8_t> LargeLuma(unsigned seed = 1) {
  return test::LumaOf(test::MakeScene(2 * kWidth, 2 * kHeight, seed).sdr.view());
}

Plane<std::uint8_t> Small(const Plane<std::uint8_t>& large, const Homography& to_large) {
  return test::Reframed(large.view(), to_large, kWidth, kHeight);
}

Placed PlacedBy(const Plane<std::uint8_t>& edit, const Plane<std::uint8_t>& reference) {
  return DisplacementOf(edit.view(), reference.view(), kTolerance).placed;
}

TEST(DisplacementTest, ToneMovesNothing) {
  const Plane<std::uint8_t> reference = Small(LargeLuma(), kSameFraming);
  for (const test::LumaEdit& edit : test::SamePictureEdits()) {
    SCOPED_TRACE(edit.name);
    EXPECT_EQ(PlacedBy(edit.apply(reference.view()), reference), Placed::kSame);
  }
}

TEST(DisplacementTest, SmallMovesAreSeen) {
  struct Row {
    std::string name;
    Homography to_reference;
  };
  const Row rows[] = {
      {"turned by .1 degrees", test::CroppedAndTurned(1, 0.1, kAspect)},
      {"turned by 1 degree", test::CroppedAndTurned(1, -1, kAspect)},
      {"99.7 %", test::CroppedAndTurned(0.997, 0, kAspect)},
      {"99 %", test::CroppedAndTurned(0.99, 0, kAspect)},
      {"98 %", test::CroppedAndTurned(0.98, 0, kAspect)},
      {"98 %, a corner", test::CroppedTo(0, 0, 0.98, 0.98)},
      {"rows cut off", test::CroppedTo(0, 0, 1, 0.996)},
      {"shifted", test::CroppedTo(0.002, 0, 1.002, 1)},
      {"tilted", {1, 0, 0, 0, 1, 0, 0.004, 0, 1}},
  };
  for (const unsigned seed : {1U, 2U, 3U}) {
    const Plane<std::uint8_t> large = LargeLuma(seed), reference = Small(large, kSameFraming);
    for (const Row& row : rows) {
      SCOPED_TRACE(row.name);
      const Plane<std::uint8_t> moved = Small(large, row.to_reference);
      EXPECT_NE(PlacedBy(moved, reference), Placed::kSame);
      for (const test::LumaEdit& edit : test::SamePictureEdits()) {
        EXPECT_NE(PlacedBy(edit.apply(moved.view()), reference), Placed::kSame) << edit.name;
      }
    }
  }
}

TEST(DisplacementTest, WhatIsFarSmallerThanTheToleranceIsTheSame) {
  const Plane<std::uint8_t> large = LargeLuma(), reference = Small(large, kSameFraming);
  EXPECT_EQ(PlacedBy(Small(large, test::CroppedAndTurned(0.9998, 0, kAspect)), reference),
            Placed::kSame);
}

TEST(DisplacementTest, ThingsThatMovedAreSeen) {
  const Plane<std::uint8_t> large = LargeLuma(), reference = Small(large, kSameFraming),
                            shifted = Small(large, test::CroppedTo(0.0016, 0, 1.0016, 1));
  // A third of the picture is another by .8 pixels.
  const Plane<std::uint8_t> edit =
      test::MappedLuma(reference.view(), [&](double code, int x, int y) {
        const bool inside = x > 160 && x < 360 && y > 100 && y < 300;
        return inside ? static_cast<double>(shifted.view().At(x, y)) : code;
      });
  EXPECT_EQ(PlacedBy(edit, reference), Placed::kMoved);
}

TEST(DisplacementTest, AnotherPictureOrNoneSaysNothing) {
  const Plane<std::uint8_t> reference = Small(LargeLuma(), kSameFraming);
  EXPECT_NE(PlacedBy(Small(LargeLuma(2), kSameFraming), reference), Placed::kSame);
  const Plane<std::uint8_t> grey =
      test::MappedLuma(reference.view(), [](double, int, int) { return 128.0; });
  EXPECT_EQ(PlacedBy(grey, reference), Placed::kUnknown);
  EXPECT_EQ(PlacedBy(grey, grey), Placed::kUnknown);
  const Plane<std::uint8_t> tiny(3, 2);
  EXPECT_EQ(PlacedBy(tiny, tiny), Placed::kUnknown);
}

TEST(DisplacementTest, OtherSizesAreTheSameFraming) {
  const Plane<std::uint8_t> large = LargeLuma(), reference = Small(large, kSameFraming);
  for (const auto& [width, height] : {std::pair{400, 300}, {301, 226}, {256, 192}}) {
    const Plane<std::uint8_t> edit = test::Reframed(large.view(), kSameFraming, width, height);
    EXPECT_EQ(DisplacementOf(edit.view(), reference.view(), 1.0 / width).placed, Placed::kSame)
        << width;
    EXPECT_EQ(DisplacementOf(reference.view(), edit.view(), 1.0 / width).placed, Placed::kSame)
        << width;
  }
}

/// A raster whose last column and row reach beyond the picture, as reduced JPEGs' do.
TEST(DisplacementTest, RastersThatReachBeyondThePictureAreNormalised) {
  const Plane<std::uint8_t> large = LargeLuma(), reference = Small(large, kSameFraming);
  const double beyond = 0.9;  // px
  const Homography padded = test::CroppedTo(0, 0, 1 + beyond / (kWidth - beyond), 1);
  const Plane<std::uint8_t> edit = Small(large, padded);
  const LumaView exact(edit.view(), {0, 0, kWidth - beyond, kHeight});
  EXPECT_EQ(DisplacementOf(exact, reference.view(), kTolerance).placed, Placed::kSame);
  EXPECT_EQ(DisplacementOf(edit.view(), reference.view(), kTolerance).placed, Placed::kMoved);
}

TEST(ExtentTest, TurnsWithItsRaster) {
  const Extent stored{0, 0, 540.25, 405.5};
  const Extent mirrored = Oriented(stored, 541, 406, Orientation::kTopRight);
  EXPECT_NEAR(mirrored.left, 0.75, 1e-9);
  EXPECT_NEAR(mirrored.top, 0, 1e-9);
  EXPECT_NEAR(mirrored.width, 540.25, 1e-9);
  const Extent turned = Oriented(stored, 541, 406, Orientation::kBottomRight);
  EXPECT_NEAR(turned.left, 0.75, 1e-9);
  EXPECT_NEAR(turned.top, 0.5, 1e-9);
  const Extent quarter = Oriented(stored, 541, 406, Orientation::kRightTop);
  EXPECT_NEAR(quarter.width, 405.5, 1e-9);
  EXPECT_NEAR(quarter.height, 540.25, 1e-9);
}

TEST(ShiftFieldTest, FindsTheFieldAmongOutliers) {
  ShiftField truth;
  truth.terms = {0.1, -0.05, 0.3, -0.1, 0.1, 0.3, 0.02, 0, -0.2};
  std::vector<SeenShift> seen;
  for (int y = -6; y <= 6; ++y) {
    for (int x = -8; x <= 8; ++x) {
      const Point at{x / 8.0, y / 8.0};
      const Point shift = truth.At(at);
      const bool stray = (x + 2 * y) % 5 == 0;
      seen.push_back({at, {1, 0}, stray ? 0.9 : shift.x, 1});
      seen.push_back({at, {0, 1}, stray ? -0.7 : shift.y, 1});
    }
  }
  const FittedShifts fit = FitShifts(seen);
  for (const Point at : {Point{-1, -0.75}, {1, 0.75}, {0, 0}, {-1, 0.75}}) {
    EXPECT_NEAR(fit.field.At(at).x, truth.At(at).x, 0.05);
    EXPECT_NEAR(fit.field.At(at).y, truth.At(at).y, 0.05);
  }
  EXPECT_EQ(FitShifts({}).field.At({1, 1}).x, 0);
}

}  // namespace
}  // namespace hdrp
