#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

#include "color/transfer.h"

namespace hdrp {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(PqTest, AgreesWithBt2408) {
  struct Row {
    double code, nits;
  };
  // BT.2408-7, annex 1 and tables 1 to 3: signal levels of common luminances.
  for (const auto& [code, nits] : std::to_array<Row>({{0, 0},
                                                      {0.29970, 10},
                                                      {0.50808, 100},
                                                      {0.58069, 203},
                                                      {0.75183, 1000},
                                                      {0.90257, 4000},
                                                      {1, 10'000}})) {
    EXPECT_NEAR(LinearFromPq(code) * kSdrWhiteNits, nits, nits * 5e-4 + 1e-9) << code;
    EXPECT_NEAR(PqFromLinear(nits / kSdrWhiteNits), code, 1e-5) << nits;
  }
  for (int i = 0; i <= 1000; ++i) {
    EXPECT_NEAR(PqFromLinear(LinearFromPq(i / 1000.0)), i / 1000.0, 1e-6);
  }
}

TEST(PqTest, EndsAtItsEnds) {
  EXPECT_EQ(LinearFromPq(-1), 0);
  EXPECT_EQ(LinearFromPq(2), LinearFromPq(1));
  EXPECT_EQ(PqFromLinear(1e9), 1);
  EXPECT_TRUE(std::isnan(LinearFromPq(kNan)));
  EXPECT_TRUE(std::isnan(PqFromLinear(kNan)));
}

double DisplayedNits(double scene) {
  return scene * std::pow(scene, static_cast<double>(kHlgGammaLessOne)) *
         static_cast<double>(kHlgPeakLinear) * kSdrWhiteNits;
}

TEST(HlgTest, AgreesWithBt2100AndBt2408) {
  EXPECT_NEAR(SceneFromHlg(0.5), 1.0 / 12, 1e-9);
  EXPECT_NEAR(SceneFromHlg(1), 1, 1e-6);
  EXPECT_NEAR(SceneFromHlg(0.75), 0.26496, 1e-4);
  EXPECT_NEAR(DisplayedNits(SceneFromHlg(0.75)), 203, 1);
  EXPECT_NEAR(DisplayedNits(SceneFromHlg(0.38)), 26, 0.5);  // 18 % grey card
  EXPECT_NEAR(DisplayedNits(SceneFromHlg(1)), 1000, 0.01);
  for (int i = 0; i <= 1000; ++i) {
    EXPECT_NEAR(HlgFromScene(SceneFromHlg(i / 1000.0)), i / 1000.0, 1e-7);
  }
  // The two pieces meet.
  EXPECT_NEAR(SceneFromHlg(0.5), SceneFromHlg(0.5 + 1e-9), 1e-7);
  EXPECT_EQ(SceneFromHlg(-0.5), 0);
  EXPECT_TRUE(std::isnan(SceneFromHlg(kNan)));
}

TEST(SrgbTest, FollowsIec61966AndMirrors) {
  EXPECT_EQ(LinearFromSrgb(0), 0);
  EXPECT_EQ(LinearFromSrgb(1), 1);
  EXPECT_NEAR(LinearFromSrgb(0.5), 0.21404114, 1e-8);
  EXPECT_NEAR(LinearFromSrgb(0.04), 0.04 / 12.92, 1e-12);
  EXPECT_EQ(LinearFromSrgb(-0.5), -LinearFromSrgb(0.5));
  for (int i = -200; i <= 300; ++i) {
    EXPECT_NEAR(SrgbFromLinear(LinearFromSrgb(i / 100.0)), i / 100.0, 1e-6);
  }
}

TEST(LinearFromCodeTest, EveryCurve) {
  EXPECT_EQ(LinearFromCode(Transfer::kLinear, -3), -3);
  EXPECT_EQ(LinearFromCode(Transfer::kSrgb, 0.5), LinearFromSrgb(0.5));
  EXPECT_NEAR(LinearFromCode(Transfer::kRec709, 0.5), 0.189465, 1e-6);
  EXPECT_NEAR(LinearFromCode(Transfer::kGamma22, 0.5), 0.217638, 1e-6);
  EXPECT_NEAR(LinearFromCode(Transfer::kGamma28, 0.5), 0.143587, 1e-6);
  EXPECT_NEAR(LinearFromCode(Transfer::kPq, 0.58069), 1, 1e-4);
  EXPECT_NEAR(LinearFromCode(Transfer::kHlg, 0.5), 1.0 / 12, 1e-9);
  for (const auto transfer :
       {Transfer::kLinear, Transfer::kSrgb, Transfer::kRec709, Transfer::kGamma22,
        Transfer::kGamma28, Transfer::kPq, Transfer::kHlg}) {
    EXPECT_TRUE(std::isnan(LinearFromCode(transfer, kNan)));
    EXPECT_EQ(LinearFromCode(transfer, 0), 0);
  }
}

}  // namespace
}  // namespace hdrp
