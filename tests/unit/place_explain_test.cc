// What the overlay says by colour: nothing of tone, all of place and content.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "decode/picture.h"
#include "place/explain.h"
#include "support/luma_edits.h"
#include "support/read_rows.h"
#include "support/scene.h"

namespace hdrp {
namespace {

using Codes = Plane<std::uint8_t>;

[[nodiscard]] const Codes& ThePicture() {
  static const Codes picture = test::LumaOf(test::MakeScene(480, 320).sdr.view());
  return picture;
}

[[nodiscard]] Codes Brightened(const Codes& picture) {
  return test::MappedLuma(
      picture.view(), [](double code, int, int) { return 255 * std::pow(code / 255, 0.6) + 20; });
}

/// As they lie.
[[nodiscard]] Framing FramingOf(Codes edit, Codes reference) {
  Codes outside(edit.width(), edit.height());
  for (int y = 0; y < outside.height(); ++y) {
    std::ranges::fill(outside.view().RowSpan(y), std::uint8_t{0});
  }
  Framing framing;
  framing.edited = outside.Clone();
  framing.compared = LumaPair{std::move(edit), std::move(reference), std::move(outside)};
  return framing;
}

[[nodiscard]] Codes OverlayOf(const Framing& framing) {
  Expected<std::vector<ExplainingPicture>> pictures = ExplainFraming(framing);
  EXPECT_TRUE(pictures);
  EXPECT_EQ(pictures->front().name, "overlay");
  const Expected<test::ReadPicture> read = test::ReadAllRows(OpenPng, pictures->front().png);
  EXPECT_TRUE(read);
  Codes overlay(read->pixels.width(), read->pixels.height(), 3);
  for (int y = 0; y < overlay.height(); ++y) {
    std::ranges::transform(read->pixels.view().RowSpan(y), overlay.Row(y), [](float value) {
      return static_cast<std::uint8_t>(std::lround(255 * value));
    });
  }
  return overlay;
}

struct Part {
  int left = 0, top = 0, right = 480, bottom = 320;
};
/// Mean |red - cyan|.
[[nodiscard]] double Colour(const Codes& overlay, const Part& part = {}) {
  double sum = 0;
  for (int y = part.top; y < part.bottom; ++y) {
    for (int x = part.left; x < part.right; ++x) {
      const std::uint8_t* rgb = overlay.Row(y) + 3 * x;
      EXPECT_EQ(rgb[1], rgb[2]);
      sum += std::abs(rgb[0] - rgb[1]);
    }
  }
  return sum / ((part.right - part.left) * (part.bottom - part.top));
}

TEST(Overlay, IsGreyWhereToneAloneWasEdited) {
  const Codes edit = Brightened(ThePicture());
  double raw = 0;
  for (int y = 0; y < edit.height(); ++y) {
    for (int x = 0; x < edit.width(); ++x) raw += std::abs(edit.Row(y)[x] - ThePicture().Row(y)[x]);
  }
  EXPECT_GT(raw / (edit.width() * edit.height()), 30);
  const Codes overlay = OverlayOf(FramingOf(edit.Clone(), ThePicture().Clone()));
  EXPECT_LT(Colour(overlay), 2);
  for (int y = 0; y < edit.height(); ++y) {
    for (int x = 0; x < edit.width(); ++x) ASSERT_EQ(overlay.Row(y)[3 * x], edit.Row(y)[x]);
  }
}

TEST(Overlay, HasFringesWhereThePicturesDoNotCoincide) {
  const Codes shifted = test::MappedLuma(ThePicture().view(), [](double, int x, int y) {
    return ThePicture().Row(y)[std::min(x + 6, 479)];
  });
  const double in_place =
      Colour(OverlayOf(FramingOf(Brightened(ThePicture()), ThePicture().Clone())));
  const double off = Colour(OverlayOf(FramingOf(Brightened(shifted), ThePicture().Clone())));
  EXPECT_GT(off, 4 * in_place + 2);
}

TEST(Overlay, ShowsWhatWasChanged) {
  constexpr Part kChanged{100, 200, 220, 300};
  Framing framing = FramingOf(Brightened(ThePicture()), ThePicture().Clone());
  for (int y = kChanged.top; y < kChanged.bottom; ++y) {
    for (int x = kChanged.left; x < kChanged.right; ++x) {
      framing.compared->edit.Row(y)[x] = 20;
      framing.edited.Row(y)[x] = 255;
    }
  }
  const Codes overlay = OverlayOf(framing);
  EXPECT_GT(Colour(overlay, kChanged), 25);
  EXPECT_LT(Colour(overlay, {.bottom = 200}), 2);
}

/// Beyond the reference it is red, and has no part in the curve.
TEST(Overlay, IsRedBeyondTheReference) {
  Framing framing = FramingOf(Brightened(ThePicture()), ThePicture().Clone());
  for (int y = 0; y < 320; ++y) {
    for (int x = 0; x < 240; ++x) {
      framing.compared->outside.Row(y)[x] = 255;
      framing.compared->reference.Row(y)[x] = framing.compared->edit.Row(y)[x];
    }
  }
  const Codes overlay = OverlayOf(framing);
  EXPECT_LT(Colour(overlay, {.left = 240}), 2);
  EXPECT_EQ(overlay.Row(10)[3 * 10], framing.compared->edit.Row(10)[10]);
  EXPECT_EQ(overlay.Row(10)[3 * 10 + 1], 0);
}

TEST(Overlay, NeedsNothingThatCoincides) {
  Framing framing = FramingOf(Brightened(ThePicture()), ThePicture().Clone());
  for (int y = 0; y < 320; ++y) {
    std::ranges::fill(framing.edited.view().RowSpan(y), std::uint8_t{255});
  }
  const Codes overlay = OverlayOf(framing);
  EXPECT_EQ(overlay.Row(10)[3 * 10 + 1], ThePicture().Row(10)[10]);
}

}  // namespace
}  // namespace hdrp
