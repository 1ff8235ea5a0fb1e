#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "align/changes/fitted_gain.h"
#include "align/changes/spread.h"

namespace hdrp {
namespace {

constexpr int kWidth = 160, kHeight = 120;

[[nodiscard]] bool InHole(int x, int y) { return x >= 60 && x < 100 && y >= 40 && y < 80; }

template <typename Value>
[[nodiscard]] Plane<float> Made(const Value& value) {
  Plane<float> plane(kWidth, kHeight);
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) plane.Row(y)[x] = static_cast<float>(value(x, y));
  }
  return plane;
}

TEST(Spread, ContinuesWhatIsKnownWithinItsRange) {
  const auto value = [](int x, int y) { return InHole(x, y) ? 100.0 : 1 + 0.01 * x + 0.02 * y; };
  const Plane<float> known = Made([](int x, int y) { return InHole(x, y) ? 0 : 1; });
  const Plane<float> values = Made(value);
  const Plane<float> spread = Spread(values.view(), known.view());
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      const auto found = static_cast<double>(spread.Row(y)[x]);
      if (!InHole(x, y)) {
        ASSERT_EQ(spread.Row(y)[x], values.Row(y)[x]);
      } else {
        // Smooth: near the plane that the surroundings lie on.
        ASSERT_NEAR(found, 1 + 0.01 * x + 0.02 * y, 0.3) << x << ", " << y;
      }
    }
  }
}

TEST(Spread, IsZeroWhereNothingIsKnown) {
  const Plane<float> values = Made([](int, int) { return 5; });
  const Plane<float> known(kWidth, kHeight);
  const Plane<float> spread = Spread(values.view(), known.view());
  EXPECT_EQ(spread.Row(60)[80], 0);
}

TEST(FittedTo, TakesTheReferencesContrastAndLevel) {
  // The reference has half of the predictor's contrast, and half a stop more.
  const auto predicted = [](int x, int y) {
    return 0.8 + 0.6 * std::sin(x / 7.0) * std::cos(y / 5.0);
  };
  const Plane<float> gain =
      Made([&](int x, int y) { return InHole(x, y) ? -3 : 0.5 + 0.5 * predicted(x, y); });
  const Plane<float> mask = Made([](int x, int y) { return InHole(x, y) ? 1 : 0; });
  const Plane<float> fitted = FittedTo(gain, Made(predicted), mask);
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      ASSERT_NEAR(static_cast<double>(fitted.Row(y)[x]), 0.5 + 0.5 * predicted(x, y), 0.06)
          << x << ", " << y;
    }
  }
}

TEST(FittedTo, NeverHeightensThePredictorsContrast) {
  const auto predicted = [](int x, int y) { return 0.1 * std::sin(x / 7.0) * std::cos(y / 5.0); };
  const Plane<float> gain = Made([&](int x, int y) { return 1 + 8 * predicted(x, y); });
  const Plane<float> mask = Made([](int x, int y) { return InHole(x, y) ? 1 : 0; });
  const Plane<float> fitted = FittedTo(gain, Made(predicted), mask);
  float least = fitted.Row(60)[80], most = least;
  for (int y = 55; y < 65; ++y) {
    for (int x = 70; x < 90; ++x) {
      least = std::min(least, fitted.Row(y)[x]);
      most = std::max(most, fitted.Row(y)[x]);
    }
  }
  EXPECT_LT(most - least, 0.6F);  // eight times the contrast would be 1.6
}

}  // namespace
}  // namespace hdrp
