#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

#include "gainmap/half.h"

namespace hdrp {
namespace {

TEST(FloatFromHalf, CoversEveryKind) {
  EXPECT_EQ(FloatFromHalf(0x3C00), 1.0F);
  EXPECT_EQ(FloatFromHalf(0xC000), -2.0F);
  EXPECT_EQ(FloatFromHalf(0x0001), 0x1p-24F);
  EXPECT_EQ(FloatFromHalf(0x0400), 0x1p-14F);
  EXPECT_EQ(FloatFromHalf(0x7BFF), 65504.0F);
  EXPECT_EQ(FloatFromHalf(0x7C00), std::numeric_limits<float>::infinity());
  EXPECT_TRUE(std::isnan(FloatFromHalf(0x7C01)));
}

TEST(FloatFromHalf, IsWhatRoundsBackToTheSameHalf) {
  for (unsigned bits = 0; bits < 0x7C00; ++bits) {
    const auto half = static_cast<std::uint16_t>(bits);
    const std::array<float, 2> values{FloatFromHalf(half), -FloatFromHalf(half)};
    std::array<std::uint16_t, 2> back{};
    HalfFromFloatRowScalar(values, back);
    ASSERT_EQ(back[0], half);
    ASSERT_EQ(back[1], half | 0x8000U);
  }
}

}  // namespace
}  // namespace hdrp
