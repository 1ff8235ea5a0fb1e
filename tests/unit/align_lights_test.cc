// Lights that an edit still has, wherever its tone lies, and those that it has lost; on skies whose
// lights are known.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "align/changes/lost_lights.h"
#include "align/changes/placed_by_lights.h"
#include "support/luma_edits.h"
#include "support/night_sky.h"

namespace hdrp {
namespace {

using test::MakeNightSky;
using test::NightSky;
using test::Photographed;
using test::SkyKind;
using test::SkyLight;

constexpr int kWidth = 512, kHeight = 384;
constexpr int kWhite = 255;

[[nodiscard]] Plane<std::uint8_t> LumaAt(const NightSky& sky, const Homography& to_sky) {
  return test::LumaOf(Photographed(sky, to_sky, kWidth, kHeight).sdr.view());
}

[[nodiscard]] LumaPair Compared(Plane<std::uint8_t> edit, const NightSky& original) {
  return {std::move(edit), LumaAt(original, kSameFraming), Plane<std::uint8_t>(kWidth, kHeight)};
}

[[nodiscard]] std::vector<NightSky> Skies() {
  std::vector<NightSky> skies;
  for (const SkyKind kind : {SkyKind::kPlain, SkyKind::kGradient, SkyKind::kStarry}) {
    for (const int lights : {1, 2, 5}) {
      skies.push_back(MakeNightSky(
          kind, lights, static_cast<unsigned>(lights) + 10 * static_cast<unsigned>(kind)));
    }
  }
  return skies;
}

[[nodiscard]] NightSky Changed(NightSky sky,
                               const std::function<void(std::vector<SkyLight>&)>& by) {
  by(sky.lights);
  return sky;
}

TEST(LostLights, ToneAndDimmingLoseNone) {
  for (const NightSky& sky : Skies()) {
    const Plane<std::uint8_t> picture = LumaAt(sky, kSameFraming);
    for (const test::LumaEdit& edit : test::SamePictureEdits()) {
      if (edit.name == "a fifth painted over") continue;
      EXPECT_TRUE(LostLights(Compared(edit.apply(picture.view()), sky), kWhite).empty())
          << edit.name;
    }
    const NightSky dimmed = Changed(sky, [](std::vector<SkyLight>& lights) {
      for (SkyLight& light : lights) light.level = 0.15;
    });
    EXPECT_TRUE(LostLights(Compared(LumaAt(dimmed, kSameFraming), sky), kWhite).empty());
  }
}

TEST(LostLights, TheirGainIsFoundAsFarAsItReaches) {
  for (const NightSky& sky : Skies()) {
    for (std::size_t i = 0; i < sky.lights.size(); ++i) {
      const NightSky without = Changed(sky, [i](std::vector<SkyLight>& lights) {
        lights.erase(lights.begin() + static_cast<std::ptrdiff_t>(i));
      });
      const Plane<float> gain = Photographed(sky, kSameFraming, kWidth, kHeight).gain_stops.Clone();
      const Plane<float> left =
          Photographed(without, kSameFraming, kWidth, kHeight).gain_stops.Clone();
      const Plane<std::uint8_t> mask = GainOfLights(
          LostLights(Compared(LumaAt(without, kSameFraming), sky), kWhite), gain.view());
      double missed = 0, taken = 0;
      for (int y = 0; y < kHeight; ++y) {
        for (int x = 0; x < kWidth; ++x) {
          const bool masked = mask.Row(y)[x] != 0;
          missed += !masked && gain.Row(y)[x] > left.Row(y)[x] + 0.1F ? 1 : 0;
          taken += masked && left.Row(y)[x] > 0.1F ? 1 : 0;
        }
      }
      EXPECT_EQ(missed, 0) << i << " of " << sky.lights.size() << ", seed " << sky.seed;
      EXPECT_EQ(taken, 0) << i << " of " << sky.lights.size() << ", seed " << sky.seed;
    }
  }
}

TEST(LostLights, WhatCarriesNoGainIsLeftAlone) {
  const NightSky sky = MakeNightSky(SkyKind::kPlain, 2, 3);
  const NightSky without = Changed(sky, [](std::vector<SkyLight>& lights) { lights.clear(); });
  const std::vector<Light> lost = LostLights(Compared(LumaAt(without, kSameFraming), sky), kWhite);
  EXPECT_FALSE(lost.empty());
  Plane<float> even(kWidth, kHeight);
  for (int y = 0; y < kHeight; ++y) std::ranges::fill(even.view().RowSpan(y), 1.0F);
  const Plane<std::uint8_t> mask = GainOfLights(lost, even.view());
  for (int y = 0; y < kHeight; ++y) {
    EXPECT_EQ(std::ranges::count(mask.view().RowSpan(y), 255), 0);
  }
}

TEST(LostLights, WhatIsClippedWithItsSurroundingsIsNotLost) {
  NightSky sky = MakeNightSky(SkyKind::kPlain, 2, 3);
  sky.level = 0.4;
  const Plane<std::uint8_t> clipped =
      test::MappedLuma(LumaAt(sky, kSameFraming).view(), [](double v, int, int) { return 2 * v; });
  EXPECT_TRUE(LostLights(Compared(clipped.Clone(), sky), kWhite).empty());
}

/// Of a sky that leaves a sun 25 codes down to 8, and of what tone makes of them.
TEST(LostLights, ASunInABrightSkyIsLostWhereItWasRemoved) {
  for (const double level : {0.8, 0.85, 0.9, 0.93}) {
    for (const unsigned seed : {3U, 4U, 5U}) {
      NightSky sky = MakeNightSky(SkyKind::kPlain, 1, seed);
      sky.level = level;
      const Plane<std::uint8_t> picture = LumaAt(sky, kSameFraming);
      const NightSky without = Changed(sky, [](std::vector<SkyLight>& lights) { lights.clear(); });
      EXPECT_FALSE(LostLights(Compared(LumaAt(without, kSameFraming), sky), kWhite).empty())
          << level << ", seed " << seed;
      for (const double gamma : {0.7, 1.0, 1.4}) {
        const Plane<std::uint8_t> toned = test::MappedLuma(
            picture.view(), [&](double v, int, int) { return std::pow(v / 255, gamma) * 255; });
        EXPECT_TRUE(LostLights(Compared(toned.Clone(), sky), kWhite).empty())
            << level << ", gamma " << gamma;
      }
    }
  }
}

struct Framed {
  std::string name;
  Homography to_sky;
  PlacedByLights right;
};

TEST(PlaceOfLights, IsWhereTheyAre) {
  for (const SkyKind kind : {SkyKind::kPlain, SkyKind::kGradient}) {
    for (int lights = 1; lights <= 5; ++lights) {
      const NightSky sky = MakeNightSky(kind, lights, static_cast<unsigned>(lights));
      for (const Framed& framed : {
               Framed{"same", kSameFraming, PlacedByLights::kHere},
               Framed{
                   "half a pixel", {1, 0, 0.5 / kWidth, 0, 1, 0, 0, 0, 1}, PlacedByLights::kHere},
               Framed{"two pixels",
                      {1, 0, 2.0 / kWidth, 0, 1, 0, 0, 0, 1},
                      PlacedByLights::kElsewhere},
               Framed{"mirrored", {-1, 0, 1, 0, 1, 0, 0, 0, 1}, PlacedByLights::kElsewhere},
               Framed{"cropped", {0.8, 0, 0.1, 0, 0.8, 0.05, 0, 0, 1}, PlacedByLights::kElsewhere},
           }) {
        EXPECT_EQ(PlaceOfLights(Compared(LumaAt(sky, framed.to_sky), sky)), framed.right)
            << framed.name << ", " << lights << " lights, sky " << static_cast<int>(kind);
      }
      const NightSky other = MakeNightSky(kind, lights, static_cast<unsigned>(lights) + 500);
      EXPECT_EQ(PlaceOfLights(Compared(LumaAt(other, kSameFraming), sky)),
                PlacedByLights::kElsewhere);
    }
  }
}

TEST(PlaceOfLights, SomeMayBeGoneOrDimmed) {
  const NightSky sky = MakeNightSky(SkyKind::kPlain, 3, 3);
  const NightSky one_less = Changed(sky, [](std::vector<SkyLight>& lights) { lights.pop_back(); });
  const NightSky dimmed = Changed(sky, [](std::vector<SkyLight>& lights) {
    for (SkyLight& light : lights) light.level = 0.15;
  });
  for (const NightSky& edit : {one_less, dimmed}) {
    EXPECT_EQ(PlaceOfLights(Compared(LumaAt(edit, kSameFraming), sky)), PlacedByLights::kHere);
  }
}

}  // namespace
}  // namespace hdrp
