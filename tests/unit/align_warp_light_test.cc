#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "align/warp/warp_light.h"
#include "gainmap/fine_gain.h"
#include "gainmap/gain.h"

namespace hdrp {
namespace {

/// A plane of light: bilinear sampling of it, and averaging where nothing is cut off, are exact.
[[nodiscard]] float LightAt(double x, double y, int channel) {
  return static_cast<float>(0.5 + (channel + 1) * (1.5 * x + 0.75 * y));
}

[[nodiscard]] Plane<float> Slope(int width, int height) {
  Plane<float> light(width, height, 3);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < 3; ++c) {
        light.view().At(x, y, c) = LightAt((x + 0.5) / width, (y + 0.5) / height, c);
      }
    }
  }
  return light;
}

/// In bands of uneven heights, as readers hand them over.
void AddAll(WarpedLight& warped, const Plane<float>& light) {
  int first = 0;
  for (int rows = 1; first < light.height(); rows = rows % 5 + 1) {
    PlaneView<const float> band = light.view();
    band.data = light.Row(first);
    band.height = std::min(rows, light.height() - first);
    warped.Add(band);
    first += band.height;
  }
}

[[nodiscard]] Plane<float> AllRows(const WarpedLight& warped, const Raster& edit) {
  Plane<float> result(edit.width, edit.height, 3);
  for (int first = 0; first < edit.height; first += 7) {
    PlaneView<float> band = result.view();
    band.data = result.Row(first);
    band.height = std::min(7, edit.height - first);
    warped.Rows(first, band);
  }
  return result;
}

constexpr Homography kMiddle = {0.6, 0.1, 0.15, -0.05, 0.7, 0.2, 0, 0, 1};

TEST(WarpedLightTest, PutsLightWhereItBelongsAtAnyScale) {
  for (const auto& [edit_width, edit_height] : {std::pair{30, 20}, {61, 40}, {150, 100}}) {
    SCOPED_TRACE(edit_width);
    const Raster reference{120, 80}, edit{edit_width, edit_height};
    WarpedLight warped({edit, reference, kMiddle});
    AddAll(warped, Slope(reference.width, reference.height));
    const Plane<float> light = AllRows(warped, edit);
    for (int y = 0; y < edit.height; ++y) {
      for (int x = 0; x < edit.width; ++x) {
        const Point p = Apply(kMiddle, {(x + 0.5) / edit.width, (y + 0.5) / edit.height});
        for (int c = 0; c < 3; ++c) {
          ASSERT_NEAR(light.view().At(x, y, c), LightAt(p.x, p.y, c), 0.01) << x << " " << y;
        }
      }
    }
  }
}

TEST(WarpedLightTest, EveryPairOfOrientationsShowsTheSame) {
  const Plane<float> displayed = Slope(60, 40);
  for (unsigned k = 1; k <= 8; ++k) {
    const Orientation of_reference = *OrientationFrom(k);
    const Orientation of_edit = *OrientationFrom(k % 8 + 1);
    SCOPED_TRACE(k);
    const Plane<float> stored = Oriented(displayed.view(), Inverse(of_reference));
    const bool transposed = StepsOf(of_edit).transpose;
    const Raster edit{transposed ? 20 : 30, transposed ? 30 : 20, of_edit};
    WarpedLight warped({edit, {stored.width(), stored.height(), of_reference}, kMiddle});
    AddAll(warped, stored);
    const Plane<float> shown = Oriented(AllRows(warped, edit).view(), of_edit);
    for (int y = 0; y < 20; ++y) {
      for (int x = 0; x < 30; ++x) {
        const Point p = Apply(kMiddle, {(x + 0.5) / 30, (y + 0.5) / 20});
        ASSERT_NEAR(shown.view().At(x, y, 1), LightAt(p.x, p.y, 1), 0.01) << x << " " << y;
      }
    }
  }
}

TEST(WarpedLightTest, ReducingAveragesWhatSamplingWouldMiss) {
  // Stripes one pixel wide, of light 0 and 2: a quarter of the size shows 1 everywhere.
  const Raster reference{64, 64}, edit{16, 16};
  Plane<float> stripes(64, 64, 3);
  for (int y = 0; y < 64; ++y) {
    for (int i = 0; i < 64 * 3; ++i) stripes.Row(y)[i] = static_cast<float>((i / 3 + y) % 2 * 2);
  }
  WarpedLight warped({edit, reference, kSameFraming});
  AddAll(warped, stripes);
  const Plane<float> light = AllRows(warped, edit);
  for (int y = 0; y < 16; ++y) {
    for (const float v : light.view().RowSpan(y)) ASSERT_NEAR(v, 1, 0.01);
  }
}

TEST(WarpedLightTest, NothingOutsideAndStandInsForWhatIsNotFinite) {
  constexpr Homography kLower = {1, 0, 0, 0, 1, 0.5, 0, 0, 1};
  const Raster raster{8, 8};
  Plane<float> light(8, 8, 3);
  for (int y = 0; y < 8; ++y) std::ranges::fill(light.view().RowSpan(y), 3.0F);
  light.view().At(1, 5, 2) = std::numeric_limits<float>::quiet_NaN();
  light.view().At(4, 6, 0) = std::numeric_limits<float>::infinity();
  light.view().At(4, 6, 1) = -std::numeric_limits<float>::infinity();
  WarpedLight warped({raster, raster, kLower});
  AddAll(warped, light);
  EXPECT_EQ(warped.non_finite_pixels(), 2U);
  const Plane<float> found = AllRows(warped, raster);
  EXPECT_EQ(found.view().At(0, 0, 0), 3);
  EXPECT_TRUE(std::isnan(found.view().At(1, 1, 2)));
  EXPECT_EQ(found.view().At(4, 2, 0), kInfinityStandIn);
  EXPECT_EQ(found.view().At(4, 2, 1), 0);
  EXPECT_EQ(found.view().At(0, 3, 1), 3);
  for (int y = 4; y < 8; ++y) {
    for (const float v : found.view().RowSpan(y)) EXPECT_TRUE(std::isnan(v));
  }
}

}  // namespace
}  // namespace hdrp
