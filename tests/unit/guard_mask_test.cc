#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <string>

#include "guard/mask.h"

namespace hdrp {
namespace {

using testing::HasSubstr;

Log2Gain Constant(int width, int height, int channels, float stops) {
  Log2Gain gain{Plane<float>(width, height, channels)};
  for (int y = 0; y < height; ++y) std::ranges::fill(gain.stops.view().RowSpan(y), stops);
  return gain;
}

template <typename Code>
Plane<std::uint8_t> Mask(int width, int height, const Code& code) {
  Plane<std::uint8_t> mask(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) mask.view().At(x, y) = static_cast<std::uint8_t>(code(x, y));
  }
  return mask;
}

/// The share of the gain that is left, for a gain of 1 stop everywhere.
Log2Gain Left(const Log2Gain& gain, const Plane<std::uint8_t>& mask, double fraction = 0.01,
              Orientation orientation = Orientation::kTopLeft) {
  const RasterSize size{gain.stops.width(), gain.stops.height()};
  const auto taken = FeatheredMask(mask.view(), size, orientation, {.feather_fraction = fraction});
  EXPECT_TRUE(taken) << taken.error().message;
  Log2Gain left{gain.stops.Clone()};
  const int channels = gain.stops.channels();
  for (int y = 0; y < size.height; ++y) {
    for (int i = 0; i < size.width * channels; ++i)
      left.stops.Row(y)[i] *= 1 - taken->Row(y)[i / channels];
  }
  return left;
}

TEST(FeatheredMaskTest, FallsSmoothlyOverTheRadius) {
  // Radius 0.1 * 100 = 10 pixels; white up to column 39.
  const auto mask = Mask(100, 60, [](int x, int) { return x < 40 ? 255 : 0; });
  const Log2Gain left = Left(Constant(100, 60, 1, 2.0F), mask, 0.1);
  for (int y = 0; y < 60; ++y) {
    for (int x = 0; x < 100; ++x) {
      const double distance = std::clamp(x - 39, 0, 10);
      const double feathered = std::pow(1 - distance * distance / 100, 2);
      ASSERT_NEAR(left.stops.view().At(x, y), 2 * (1 - feathered), 1e-6) << x;
    }
  }
  EXPECT_EQ(left.stops.view().At(39, 0), 0.0F);
  EXPECT_EQ(left.stops.view().At(49, 0), 2.0F);
}

TEST(FeatheredMaskTest, FollowsTheDefinitionForGreyMasks) {
  std::mt19937 random(3);
  const auto mask = Mask(
      48, 36, [&](int, int) { return random() % 50 == 0 ? static_cast<int>(random() % 256) : 0; });
  const double radius = 7.2;  // 0.15 * 48
  const Log2Gain left = Left(Constant(48, 36, 1, 1.0F), mask, 0.15);
  for (int y = 0; y < 36; ++y) {
    for (int x = 0; x < 48; ++x) {
      double root = 0;
      for (int v = 0; v < 36; ++v) {
        for (int u = 0; u < 48; ++u) {
          const double squared = (u - x) * (u - x) + (v - y) * (v - y);
          root =
              std::max(root, std::sqrt(mask.view().At(u, v) / 255.0) - squared / radius / radius);
        }
      }
      const double share = left.stops.view().At(x, y);
      ASSERT_NEAR(share, 1 - root * root, 1e-5) << x << ' ' << y;
      ASSERT_LE(share, 1 - mask.view().At(x, y) / 255.0 + 1e-6) << "below the mask";
    }
  }
}

TEST(FeatheredMaskTest, ThinStrokesSurviveReduction) {
  // One pixel in 8: an area average would leave 87 % of the gain.
  const auto mask = Mask(400, 400, [](int x, int) { return x == 203 ? 255 : 0; });
  const Log2Gain left = Left(Constant(50, 50, 1, 1.0F), mask);
  for (int y = 0; y < 50; ++y) {
    EXPECT_EQ(left.stops.view().At(203 / 8, y), 0.0F);
    EXPECT_EQ(left.stops.view().At(203 / 8 + 1, y), 1.0F);
  }
}

TEST(FeatheredMaskTest, SizesNeedNotBeMultiples) {
  struct Row {
    std::string name;
    int width, height;
  };
  for (const Row& row : {Row{"larger", 331, 248}, {"smaller", 37, 28}, {"same", 64, 48}}) {
    SCOPED_TRACE(row.name);
    // The right half, as good as the mask's pixels can say it.
    const auto mask =
        Mask(row.width, row.height, [&](int x, int) { return 2 * x >= row.width ? 255 : 0; });
    const Log2Gain left = Left(Constant(64, 48, 1, 1.0F), mask);
    for (int y = 0; y < 48; ++y) {
      EXPECT_EQ(left.stops.view().At(0, y), 1.0F);
      EXPECT_EQ(left.stops.view().At(29, y), 1.0F);
      EXPECT_EQ(left.stops.view().At(33, y), 0.0F);
      EXPECT_EQ(left.stops.view().At(63, y), 0.0F);
    }
  }
}

TEST(FeatheredMaskTest, TheMaskIsInTheDisplayedRaster) {
  std::mt19937 random(5);
  for (unsigned k = 1; k <= 8; ++k) {
    SCOPED_TRACE(k);
    const Orientation orientation = *OrientationFrom(k);
    Log2Gain stored = Constant(24, 16, 1, 0);
    for (int y = 0; y < 16; ++y) {
      for (float& sample : stored.stops.view().RowSpan(y)) {
        sample = static_cast<float>(random() % 100);
      }
    }
    const Log2Gain displayed{Oriented(std::as_const(stored.stops).view(), orientation)};
    const auto mask = Mask(displayed.stops.width() * 3, displayed.stops.height() * 3,
                           [](int x, int y) { return x < 20 && y < 9 ? 255 : 0; });

    const Log2Gain left = Left(stored, mask, 0.1, orientation);
    const Log2Gain expected = Left(displayed, mask, 0.1);
    const Plane<float> turned = Oriented(std::as_const(left.stops).view(), orientation);
    for (int y = 0; y < turned.height(); ++y) {
      EXPECT_TRUE(std::ranges::equal(turned.view().RowSpan(y), expected.stops.view().RowSpan(y)));
    }
    EXPECT_EQ(turned.view().At(0, 0), 0.0F);
  }
}

TEST(FeatheredMaskTest, TreatsAllChannelsAlike) {
  const auto mask = Mask(20, 20, [](int x, int) { return x < 10 ? 255 : 0; });
  Log2Gain gain = Constant(20, 20, 3, 0);
  for (int y = 0; y < 20; ++y) {
    for (int x = 0; x < 20; ++x) {
      for (int c = 0; c < 3; ++c) gain.stops.view().At(x, y, c) = static_cast<float>(c) - 1.5F;
    }
  }
  const Log2Gain left = Left(gain, mask, 0.2);
  const Log2Gain share = Left(Constant(20, 20, 1, 1.0F), mask, 0.2);
  for (int x = 0; x < 20; ++x) {
    for (int c = 0; c < 3; ++c) {
      EXPECT_FLOAT_EQ(left.stops.view().At(x, 7, c),
                      (static_cast<float>(c) - 1.5F) * share.stops.view().At(x, 7));
    }
  }
}

TEST(FeatheredMaskTest, ABlackMaskChangesNothing) {
  const Log2Gain left = Left(Constant(33, 20, 1, 1.25F), Mask(33, 20, [](int, int) { return 0; }));
  for (int y = 0; y < 20; ++y) {
    EXPECT_TRUE(
        std::ranges::all_of(left.stops.view().RowSpan(y), [](float s) { return s == 1.25F; }));
  }
}

TEST(FeatheredMaskTest, RefusesAnotherAspect) {
  struct Row {
    std::string name;
    int width, height;
    Orientation orientation;
    bool fits;
  };
  const Row rows[] = {
      {"same", 800, 600, Orientation::kTopLeft, true},
      {"rounded", 401, 300, Orientation::kTopLeft, true},
      {"other aspect", 800, 500, Orientation::kTopLeft, false},
      {"stored raster of a turned picture", 800, 600, Orientation::kRightTop, false},
      {"displayed raster of a turned picture", 600, 800, Orientation::kRightTop, true},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const auto mask = Mask(row.width, row.height, [](int, int) { return 255; });
    const auto result = FeatheredMask(mask.view(), {200, 150}, row.orientation, MaskOptions{});
    ASSERT_EQ(result.has_value(), row.fits);
    if (row.fits) continue;
    EXPECT_EQ(result.error().code, ErrorCode::kMismatch);
    EXPECT_THAT(result.error().message,
                HasSubstr(std::to_string(row.width) + " x " + std::to_string(row.height)));
  }
}

TEST(HoldingZeroTest, ExtendsOnlyRangesWithoutZero) {
  GainMapMetadata metadata;
  metadata.gain_map_min = {0.5, -1, -2};
  metadata.gain_map_max = {2, 3, -0.5};
  metadata.gamma = {0.5, 1, 2};
  metadata.alternate_hdr_headroom = 2;
  metadata.fractions = FractionsOf(metadata);
  const GainMapMetadata held = HoldingZero(metadata);
  EXPECT_EQ(held.gain_map_min, (std::array<double, 3>{0, -1, -2}));
  EXPECT_EQ(held.gain_map_max, (std::array<double, 3>{2, 3, 0}));
  EXPECT_EQ(held.gamma, metadata.gamma);
  EXPECT_EQ(held.alternate_hdr_headroom, 2);
  EXPECT_FALSE(held.fractions);
}

TEST(HoldingZeroTest, KeepsTheFractionsOfNumbersThatStand) {
  GainMapMetadata metadata;
  metadata.gain_map_max = {2, 2, 2};
  metadata.fractions = FractionsOf(metadata);
  EXPECT_EQ(HoldingZero(metadata).fractions, metadata.fractions);
}

}  // namespace
}  // namespace hdrp
