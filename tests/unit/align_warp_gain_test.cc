// A gain that is a plane over the displayed picture stays that plane, wherever the edit looks at
// it.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>

#include "align/warp/warp_gain.h"

namespace hdrp {
namespace {

/// Of the displayed position.
[[nodiscard]] double PlaneAt(Point displayed) { return 1 + displayed.x + 0.5 * displayed.y; }

[[nodiscard]] Plane<float> PlaneGain(int width, int height, Orientation orientation) {
  Plane<float> gain(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      gain.Row(y)[x] = static_cast<float>(
          PlaneAt(Displayed({(x + 0.5) / width, (y + 0.5) / height}, orientation)));
    }
  }
  return gain;
}

// A crop of the middle, turned by 7 degrees: inside of it everything is where it was.
constexpr Homography kTurnedCrop = {0.496, -0.061, 0.28, 0.061, 0.496, 0.22, 0, 0, 1};

TEST(WarpGain, AnyOrientationOfEitherPicture) {
  for (unsigned of_edit = 1; of_edit <= 8; ++of_edit) {
    for (unsigned of_reference = 1; of_reference <= 8; ++of_reference) {
      Placement placement{{800, 600, *OrientationFrom(of_edit)},
                          {4000, 3000, *OrientationFrom(of_reference)},
                          kTurnedCrop};
      const Plane<float> warped = Warped(
          PlaneGain(400, 300, placement.reference.orientation).view(), placement, {160, 120});
      for (const auto& [x, y] : {std::pair{0, 0}, {159, 0}, {0, 119}, {159, 119}, {80, 60}}) {
        const Point displayed =
            Displayed({(x + 0.5) / 160, (y + 0.5) / 120}, placement.edit.orientation);
        EXPECT_NEAR(static_cast<double>(warped.Row(y)[x]), PlaneAt(Apply(kTurnedCrop, displayed)),
                    2e-3)
            << of_edit << " " << of_reference << " at " << x << ", " << y;
      }
    }
  }
}

TEST(WarpGain, OutsideOfTheReferenceItsBorderGoesOn) {
  // The edit is twice as wide as the reference, which lies in its left half.
  constexpr Homography kLeftHalf = {2, 0, 0, 0, 1, 0, 0, 0, 1};
  const Placement placement{
      {800, 300, Orientation::kTopLeft}, {400, 300, Orientation::kTopLeft}, kLeftHalf};
  const Plane<float> gain = PlaneGain(200, 150, Orientation::kTopLeft);
  const Plane<float> warped = Warped(gain.view(), placement, {400, 150});
  const Plane<std::uint8_t> outside = OutsideReference(kLeftHalf, {400, 150});
  for (const int x : {0, 100, 199}) {
    EXPECT_EQ(outside.Row(75)[x], 0) << x;
    EXPECT_EQ(warped.Row(75)[x], gain.Row(75)[x]) << x;
  }
  for (const int x : {200, 300, 399}) {
    EXPECT_EQ(outside.Row(75)[x], 255) << x;
    EXPECT_EQ(warped.Row(75)[x], gain.Row(75)[199]) << x;
  }
}

TEST(WarpGain, TheMapHasTheReferencesDetail) {
  const Raster reference{4000, 3000, Orientation::kTopLeft};
  // Half of each side of the picture, whatever its own size: half of the map's samples.
  const Homography half = {0.5, 0, 0.25, 0, 0.5, 0.25, 0, 0, 1};
  EXPECT_EQ(WarpedMapSize({{2000, 1500, Orientation::kTopLeft}, reference, half}, 1000).width, 500);
  EXPECT_EQ(WarpedMapSize({{8000, 6000, Orientation::kTopLeft}, reference, half}, 1000).width, 500);
  // Never more than the edit has.
  EXPECT_EQ(WarpedMapSize({{200, 150, Orientation::kTopLeft}, reference, half}, 1000).width, 200);
}

}  // namespace
}  // namespace hdrp
