#include <gtest/gtest.h>

#include <algorithm>

#include "align/changes/added_frame.h"

namespace hdrp {
namespace {

constexpr int kWidth = 60, kHeight = 40;

/// 230 within the margins, a ramp in the middle.
struct Sides {
  int left = 0, top = 0, right = 0, bottom = 0;
  [[nodiscard]] bool Hold(int x, int y) const {
    return x < left || y < top || x >= kWidth - right || y >= kHeight - bottom;
  }
};

[[nodiscard]] Plane<std::uint8_t> Edit(const Sides& sides) {
  Plane<std::uint8_t> edit(kWidth, kHeight);
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      edit.Row(y)[x] =
          static_cast<std::uint8_t>(sides.Hold(x, y) ? 230 + (x + y) % 3 : 20 + 2 * x + y);
    }
  }
  return edit;
}

[[nodiscard]] Plane<std::uint8_t> Changed(const Sides& sides) {
  Plane<std::uint8_t> changed(kWidth, kHeight);
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) changed.Row(y)[x] = sides.Hold(x, y) ? 255 : 0;
  }
  return changed;
}

[[nodiscard]] int Count(const Plane<std::uint8_t>& mask) {
  int count = 0;
  for (int y = 0; y < mask.height(); ++y) {
    count += static_cast<int>(std::ranges::count(mask.view().RowSpan(y), 255));
  }
  return count;
}

TEST(AddedFrame, AllRoundAndBars) {
  for (const Sides& sides : {Sides{5, 4, 5, 12}, Sides{8, 0, 3, 0}, Sides{0, 6, 0, 6}}) {
    const Plane<std::uint8_t> changed = Changed(sides);
    const Plane<std::uint8_t> frame = AddedFrame(Edit(sides).view(), changed.view());
    EXPECT_EQ(Count(frame), Count(changed));
    EXPECT_EQ(frame.Row(kHeight / 2)[kWidth / 2], 0);
  }
}

TEST(AddedFrame, AStripIsOneWhereThePictureBeginsAtOnce) {
  const Sides caption{0, 0, 0, 9};
  EXPECT_EQ(Count(AddedFrame(Edit(caption).view(), Changed(caption).view())), 9 * kWidth);
  // A sky that goes on as white as it was made up.
  const Sides white{0, 20, 0, 0}, made_up{0, 9, 0, 0};
  EXPECT_EQ(Count(AddedFrame(Edit(white).view(), Changed(made_up).view())), 0);
}

TEST(AddedFrame, WhatTheReferenceShowsTooIsNone) {
  const Sides sides{5, 5, 5, 5};
  EXPECT_EQ(Count(AddedFrame(Edit(sides).view(), Changed({}).view())), 0);
}

TEST(AddedFrame, UnevenMarginsAreNone) {
  const Sides sides{9, 0, 9, 0};
  Plane<std::uint8_t> edit = Edit(sides);
  for (int y = 0; y < kHeight; ++y) {
    edit.Row(y)[0] = edit.Row(y)[kWidth - 1] = static_cast<std::uint8_t>(200 + y);
  }
  EXPECT_EQ(Count(AddedFrame(edit.view(), Changed(sides).view())), 0);
}

TEST(AddedFrame, SmallLetteringBelongsToItAndPicturesDoNot) {
  const Sides sides{6, 6, 6, 12};
  Plane<std::uint8_t> edit = Edit(sides);
  for (int x = 20; x < 40; ++x) edit.Row(3)[x] = 10;
  for (int y = 29; y < 39; ++y) std::fill_n(edit.Row(y) + 20, 20, std::uint8_t{10});
  const Plane<std::uint8_t> frame = AddedFrame(edit.view(), Changed(sides).view());
  EXPECT_EQ(frame.Row(3)[30], 255);
  EXPECT_EQ(frame.Row(34)[30], 0);
  EXPECT_EQ(Count(frame), Count(Changed(sides)) - 16 * 6);
}

TEST(AddedFrame, WhiteOnWhiteBelongsToItWhereTheRestIsNew) {
  const Sides sides{6, 6, 6, 6};
  Plane<std::uint8_t> changed = Changed(sides);
  for (int y = 0; y < 3; ++y) std::fill_n(changed.Row(y), 40, std::uint8_t{0});
  EXPECT_EQ(Count(AddedFrame(Edit(sides).view(), changed.view())), Count(Changed(sides)));
  // Paper around a thing that was made whiter, and got a caption.
  const Plane<std::uint8_t> strip = AddedFrame(Edit(sides).view(), Changed({0, 0, 0, 6}).view());
  EXPECT_EQ(Count(strip), 6 * kWidth);
  EXPECT_EQ(strip.Row(2)[kWidth / 2], 0);
}

TEST(AddedFrame, AnyRasterIsTaken) {
  for (const auto& [width, height] : {std::pair{1, 1}, {1, 50}, {50, 2}}) {
    const Plane<std::uint8_t> plane(width, height);
    EXPECT_EQ(Count(AddedFrame(plane.view(), plane.view())), 0);
  }
}

}  // namespace
}  // namespace hdrp
