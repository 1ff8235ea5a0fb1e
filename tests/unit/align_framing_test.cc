#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <format>
#include <functional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "align/framing.h"
#include "decode/jpeg_pixels.h"
#include "gainmap/gain.h"
#include "support/make_jpeg.h"
#include "support/scene.h"

namespace hdrp {
namespace {

using testing::AllOf;
using testing::HasSubstr;

struct AspectCase {
  std::string name;
  Raster edit, reference;
  bool agrees;
};

TEST(CheckAspectTest, ComparesDisplayedRasters) {
  using enum Orientation;
  const AspectCase rows[] = {
      {"same", {4080, 3072, kTopLeft}, {4080, 3072, kTopLeft}, true},
      {"smaller edit", {2040, 1536, kTopLeft}, {4080, 3072, kTopLeft}, true},
      {"rounded edit", {1024, 771, kTopLeft}, {4080, 3072, kTopLeft}, true},
      {"both turned", {3072, 4080, kRightTop}, {3072, 4080, kLeftBottom}, true},
      {"turned by the editor", {3072, 4080, kTopLeft}, {4080, 3072, kRightTop}, true},
      {"mirrored", {4080, 3072, kTopRight}, {4080, 3072, kBottomLeft}, true},
      {"only one turned", {4080, 3072, kTopLeft}, {4080, 3072, kRightTop}, false},
      {"0.9 % off", {4037, 4000, kTopLeft}, {4000, 4000, kTopLeft}, true},
      {"1.2 % off", {4048, 4000, kTopLeft}, {4000, 4000, kTopLeft}, false},
      {"1.2 % off, the other way", {4000, 4000, kTopLeft}, {4048, 4000, kTopLeft}, false},
      {"thumbnail", {160, 120, kTopLeft}, {4080, 3072, kTopLeft}, true},
      {"16:9 of 4:3", {4080, 2295, kTopLeft}, {4080, 3072, kTopLeft}, false},
      {"largest sides", {65500, 1, kTopLeft}, {65500, 65500, kTopLeft}, false},
  };
  for (const AspectCase& row : rows) {
    SCOPED_TRACE(row.name);
    const auto result = CheckAspect(row.edit, row.reference);
    ASSERT_EQ(result.has_value(), row.agrees);
    if (row.agrees) continue;
    EXPECT_EQ(result.error().code, ErrorCode::kMismatch);
    const auto described = [](const Raster& raster) {
      return std::format("{} x {} (EXIF orientation {}", raster.width, raster.height,
                         static_cast<int>(raster.orientation));
    };
    EXPECT_THAT(result.error().message,
                AllOf(HasSubstr("the edit is " + described(row.edit)),
                      HasSubstr("the reference " + described(row.reference))));
  }
}

using Luma = Plane<std::uint8_t>;

constexpr int kWidth = 512;
constexpr int kHeight = 384;

Luma LumaOf(const Plane<std::uint8_t>& rgb) {
  Luma luma(rgb.width(), rgb.height());
  for (int y = 0; y < rgb.height(); ++y) {
    for (int x = 0; x < rgb.width(); ++x) {
      const std::uint8_t* pixel = rgb.Row(y) + 3 * x;
      luma.Row(y)[x] = static_cast<std::uint8_t>(
          (299 * pixel[0] + 587 * pixel[1] + 114 * pixel[2] + 500) / 1000);
    }
  }
  return luma;
}

Luma SceneLuma(unsigned seed = 1) { return LumaOf(test::MakeScene(kWidth, kHeight, seed).sdr); }

template <typename Code>
Luma Mapped(const Luma& luma, const Code& code) {
  Luma result(luma.width(), luma.height());
  for (int y = 0; y < luma.height(); ++y) {
    for (int x = 0; x < luma.width(); ++x) {
      const double value = code(static_cast<double>(luma.Row(y)[x]), x, y);
      result.Row(y)[x] = static_cast<std::uint8_t>(std::clamp(value, 0.0, 255.0) + 0.5);
    }
  }
  return result;
}

/// The part of the picture that begins at (left, top) and has `share` of its sides, enlarged.
Luma Cropped(const Luma& luma, double share, double left, double top) {
  return Mapped(luma, [&](double, int x, int y) {
    const int u = static_cast<int>(left * kWidth + share * x + 0.5);
    const int v = static_cast<int>(top * kHeight + share * y + 0.5);
    return static_cast<double>(luma.Row(std::min(v, kHeight - 1))[std::min(u, kWidth - 1)]);
  });
}

double Agreement(const Luma& edit, const Luma& reference) {
  return StructureAgreement(edit.view(), Orientation::kTopLeft, reference.view(),
                            Orientation::kTopLeft);
}

struct EditCase {
  std::string name;
  std::function<Luma(const Luma&)> edit;
};

TEST(StructureAgreementTest, EditsAreTheSamePicture) {
  const EditCase rows[] = {
      {"nothing", [](const Luma& l) { return l.Clone(); }},
      {"gamma 0.5",
       [](const Luma& l) {
         return Mapped(l, [](double v, int, int) { return 255 * std::sqrt(v / 255); });
       }},
      {"gamma 2",
       [](const Luma& l) { return Mapped(l, [](double v, int, int) { return v * v / 255; }); }},
      {"faded",
       [](const Luma& l) { return Mapped(l, [](double v, int, int) { return 64 + v / 2; }); }},
      {"highlights clipped",
       [](const Luma& l) { return Mapped(l, [](double v, int, int) { return 1.3 * v; }); }},
      {"vignette",
       [](const Luma& l) {
         return Mapped(l, [](double v, int x, int y) {
           return v * (1 - 0.7 * (std::pow(x - 256, 2) + std::pow(y - 192, 2)) / 102400);
         });
       }},
      {"noise",
       [](const Luma& l) {
         std::mt19937 random(1);
         std::normal_distribution<double> noise(0, 5);
         return Mapped(l, [&](double v, int, int) { return v + noise(random); });
       }},
      {"a fifth painted over",
       [](const Luma& l) {
         return Mapped(l, [](double v, int x, int y) {
           return x > 150 && x < 380 && y > 80 && y < 250 ? 190 : v;
         });
       }},
      {"low JPEG quality",
       [](const Luma& l) {
         auto decoded = DecodeJpeg(test::MakeJpeg(l.view(), {.quality = 30}),
                                   {.output = JpegOutput::kGray, .limits = {}, .stop = {}});
         EXPECT_TRUE(decoded);
         return std::move(decoded->pixels);
       }},
  };
  const Luma original = SceneLuma();
  for (const EditCase& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_GE(Agreement(row.edit(original), original), kMinStructureAgreement + 0.1);
    EXPECT_GE(Agreement(original, row.edit(original)), kMinStructureAgreement + 0.1);
  }
}

TEST(StructureAgreementTest, ColourEditsAreTheSamePicture) {
  const test::Scene scene = test::MakeScene(kWidth, kHeight);
  EXPECT_GE(Agreement(LumaOf(test::Edited(scene.sdr.view())), LumaOf(scene.sdr)), 0.9);
}

TEST(StructureAgreementTest, OtherFramingsAreNot) {
  const EditCase rows[] = {
      {"90 % of the sides", [](const Luma& l) { return Cropped(l, 0.9, 0.05, 0.05); }},
      {"95 %, a corner", [](const Luma& l) { return Cropped(l, 0.95, 0, 0); }},
      {"80 %, the other corner", [](const Luma& l) { return Cropped(l, 0.8, 0.2, 0.2); }},
      {"shifted by 5 %", [](const Luma& l) { return Cropped(l, 1, 0.05, 0.05); }},
      {"mirrored", [](const Luma& l) { return Oriented(l.view(), Orientation::kTopRight); }},
      {"upside down", [](const Luma& l) { return Oriented(l.view(), Orientation::kBottomRight); }},
      {"a negative",
       [](const Luma& l) { return Mapped(l, [](double v, int, int) { return 255 - v; }); }},
  };
  const Luma original = SceneLuma();
  for (const EditCase& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_LT(Agreement(row.edit(original), original), kMinStructureAgreement);
  }
}

TEST(StructureAgreementTest, OtherPicturesAreNot) {
  const Luma original = SceneLuma();
  for (unsigned seed = 2; seed < 6; ++seed) {
    EXPECT_LT(Agreement(SceneLuma(seed), original), kMinStructureAgreement) << seed;
  }
}

TEST(StructureAgreementTest, FlatPicturesCannotContradict) {
  const Luma textured = SceneLuma();
  const Luma grey = Mapped(textured, [](double, int, int) { return 128.0; });
  const Luma white = Mapped(textured, [](double, int, int) { return 255.0; });
  const Luma ramp = Mapped(textured, [](double, int x, int) { return x / 4.0; });
  EXPECT_EQ(Agreement(grey, white), 1);
  EXPECT_EQ(Agreement(grey, ramp), 1);
  EXPECT_LT(Agreement(grey, textured), kMinStructureAgreement);
  EXPECT_LT(Agreement(textured, grey), kMinStructureAgreement);
}

TEST(StructureAgreementTest, SmallTextureCountsOnlyAsMuchAsItCovers) {
  // One retouched spot on a white page.
  const Luma page = Mapped(SceneLuma(), [](double, int, int) { return 250.0; });
  const Luma spotted = Mapped(page, [](double v, int x, int y) {
    return x > 200 && x < 260 && y > 100 && y < 150 ? 128 + 100 * std::sin(x * y) : v;
  });
  EXPECT_GE(Agreement(page, spotted), kMinStructureAgreement);
}

TEST(StructureAgreementTest, EveryMixOfOrientationsAgrees) {
  const Luma original = SceneLuma();
  const auto stored_as = [&](Orientation orientation) {
    return Oriented(original.view(), Inverse(orientation));
  };
  for (unsigned i = 1; i <= 8; ++i) {
    for (unsigned k = 1; k <= 8; ++k) {
      const Orientation edit = *OrientationFrom(i);
      const Orientation reference = *OrientationFrom(k);
      EXPECT_GE(
          StructureAgreement(stored_as(edit).view(), edit, stored_as(reference).view(), reference),
          0.99)
          << i << ' ' << k;
    }
  }
}

TEST(StructureAgreementTest, TheWrongOrientationDisagrees) {
  const Luma original = SceneLuma();
  const Luma stored = Oriented(original.view(), Orientation::kBottomRight);
  EXPECT_LT(StructureAgreement(original.view(), Orientation::kTopLeft, stored.view(),
                               Orientation::kTopLeft),
            kMinStructureAgreement);
}

TEST(StructureAgreementTest, SizesMayDiffer) {
  const Luma large = SceneLuma();
  for (const auto& [width, height] : {std::pair{256, 192}, {300, 226}, {96, 72}}) {
    const Luma small = LumaOf(test::MakeScene(width, height).sdr);
    EXPECT_GE(Agreement(small, large), kMinStructureAgreement + 0.1) << width;
    EXPECT_GE(Agreement(large, small), kMinStructureAgreement + 0.1) << width;
  }
}

TEST(StructureAgreementTest, TinyPicturesHaveAnAnswer) {
  for (const auto& [width, height] : {std::pair{1, 1}, {1, 300}, {300, 1}, {5, 3}}) {
    const Luma tiny(width, height);
    EXPECT_EQ(Agreement(tiny, tiny), 1);
  }
}

}  // namespace
}  // namespace hdrp
