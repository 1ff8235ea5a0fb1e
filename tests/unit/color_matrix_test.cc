#include <gtest/gtest.h>

#include <string>

#include "color/matrix.h"

namespace hdrp {
namespace {

void ExpectNear(const Matrix& a, const Matrix& b, double tolerance) {
  for (std::size_t r = 0; r < 3; ++r) {
    for (std::size_t c = 0; c < 3; ++c) EXPECT_NEAR(a[r][c], b[r][c], tolerance) << r << " " << c;
  }
}

constexpr Matrix kIdentity = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
// SMPTE ST 2065-1 (ACES 2065-1): another white, and a blue below the axis.
constexpr Chromaticities kAces = {
    {0.7347, 0.2653}, {0.0, 1.0}, {0.0001, -0.0770}, {0.32168, 0.33767}};

TEST(XyzFromRgbTest, GivesThePublishedWeights) {
  const Xyz rec709 = XyzFromRgb(kRec709Primaries)[1];
  EXPECT_NEAR(rec709[0], 0.2126, 5e-5);
  EXPECT_NEAR(rec709[1], 0.7152, 5e-5);
  EXPECT_NEAR(rec709[2], 0.0722, 5e-5);
  const Xyz rec2020 = XyzFromRgb(kRec2020Primaries)[1];
  EXPECT_NEAR(rec2020[0], 0.2627, 5e-5);
  EXPECT_NEAR(rec2020[1], 0.6780, 5e-5);
  EXPECT_NEAR(rec2020[2], 0.0593, 5e-5);
  const Xyz aces = XyzFromRgb(kAces)[1];
  EXPECT_NEAR(aces[0], 0.3439664, 1e-6);
  EXPECT_NEAR(aces[1], 0.7281661, 1e-6);
  EXPECT_NEAR(aces[2], -0.0721325, 1e-6);
}

// ITU-R BT.2087-0, 2.
TEST(RgbFromRgbTest, Rec709ToRec2020) {
  ExpectNear(RgbFromRgb(kRec709Primaries, kRec2020Primaries),
             {{{0.6274, 0.3293, 0.0433}, {0.0691, 0.9195, 0.0114}, {0.0164, 0.0880, 0.8956}}},
             6e-5);
}

TEST(RgbFromRgbTest, ComesBackAndKeepsWhite) {
  for (const auto& from : {kRec709Primaries, kDisplayP3Primaries, kRec2020Primaries, kAces}) {
    for (const auto& to : {kRec709Primaries, kDisplayP3Primaries, kRec2020Primaries, kAces}) {
      const Matrix there = RgbFromRgb(from, to);
      ExpectNear(Multiplied(RgbFromRgb(to, from), there), kIdentity, 1e-9);
      const Xyz white = Multiplied(there, Xyz{1, 1, 1});
      for (const double v : white) EXPECT_NEAR(v, 1, 1e-9);
    }
  }
}

TEST(RgbFromRgbTest, PrimariesOnOneLineAreNotFinite) {
  Chromaticities line = kRec709Primaries;
  line.green = line.red;
  EXPECT_FALSE(IsFinite(RgbFromRgb(line, kRec709Primaries)));
  Chromaticities dark = kRec709Primaries;
  dark.white = {0.3, 0};
  EXPECT_FALSE(IsFinite(RgbFromRgb(dark, kRec709Primaries)));
  EXPECT_TRUE(IsFinite(kIdentity));
}

}  // namespace
}  // namespace hdrp
