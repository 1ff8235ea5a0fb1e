// On procedural pictures; photographs are in tests/integration/edited_regions_corpus_test.cc.
#include <gtest/gtest.h>

#include <algorithm>

#include "align/changes/edited_regions.h"
#include "support/luma_edits.h"
#include "support/scene.h"

namespace hdrp {
namespace {

[[nodiscard]] Plane<std::uint8_t> Picture(unsigned seed) {
  return test::LumaOf(test::MakeScene(480, 360, seed).sdr.view());
}

[[nodiscard]] double ShareOf(const Plane<std::uint8_t>& mask) {
  double found = 0;
  for (int y = 0; y < mask.height(); ++y) {
    for (const std::uint8_t value : mask.view().RowSpan(y)) {
      EXPECT_TRUE(value == 0 || value == 255);
      found += value != 0 ? 1 : 0;
    }
  }
  return found / (static_cast<double>(mask.width()) * mask.height());
}

TEST(EditedRegions, ToneIsNone) {
  for (const unsigned seed : {1U, 2U, 3U}) {
    const Plane<std::uint8_t> picture = Picture(seed);
    for (const test::LumaEdit& edit : test::SamePictureEdits()) {
      if (edit.name == "a fifth painted over") continue;
      EXPECT_LT(ShareOf(EditedRegions(edit.apply(picture.view()).view(), picture.view())), 0.02)
          << edit.name << " " << seed;
    }
  }
}

TEST(EditedRegions, APastedPartIsFoundWhereItIs) {
  const Plane<std::uint8_t> picture = Picture(1), other = Picture(5);
  const auto inside = [](int x, int y) { return x >= 150 && x < 280 && y >= 190 && y < 300; };
  const Plane<std::uint8_t> edit = test::MappedLuma(picture.view(), [&](double v, int x, int y) {
    return inside(x, y) ? static_cast<double>(other.Row(359 - y)[x]) : 0.7 * v + 20;
  });
  const Plane<std::uint8_t> mask = EditedRegions(edit.view(), picture.view());
  double both = 0, either = 0;
  for (int y = 0; y < 360; ++y) {
    for (int x = 0; x < 480; ++x) {
      const bool found = mask.Row(y)[x] != 0;
      both += found && inside(x, y) ? 1 : 0;
      either += found || inside(x, y) ? 1 : 0;
    }
  }
  EXPECT_GE(both / either, 0.7);
}

TEST(EditedRegions, AnyRasterIsTaken) {
  for (const auto& [width, height] : {std::pair{1, 1}, {2, 300}, {7, 5}}) {
    const Plane<std::uint8_t> flat(width, height);
    EXPECT_EQ(ShareOf(EditedRegions(flat.view(), flat.view())), 0) << width << " x " << height;
  }
}

}  // namespace
}  // namespace hdrp
