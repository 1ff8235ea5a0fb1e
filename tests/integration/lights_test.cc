// Pictures of lights and next to nothing else: the gain goes where they are in the edit, or the job
// ends as a mismatch; lights that are not there any more lose it, dimmed ones keep it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gainmap/gain.h"
#include "support/corpus.h"
#include "support/night_sky.h"
#include "support/scene.h"
#include "whole_flow.h"

namespace hdrp {
namespace {

using test::MakeNightSky;
using test::NightSky;
using test::Photographed;
using test::Scene;
using test::SkyKind;
using test::SkyLight;

constexpr int kWidth = 600, kHeight = 450;

/// What becomes of a sky and of its framing, and whether the job has to succeed.
struct SkyEdit {
  std::string_view name;
  std::function<NightSky(NightSky)> change = [](NightSky sky) { return sky; };
  Homography to_sky = kSameFraming;
  bool must_work = false;
};

[[nodiscard]] NightSky WithoutLargest(NightSky sky) {
  sky.lights.erase(std::ranges::max_element(sky.lights, {}, &SkyLight::radius));
  return sky;
}

[[nodiscard]] NightSky Dimmed(NightSky sky) {
  for (SkyLight& light : sky.lights) light.level = 0.2;
  return sky;
}

[[nodiscard]] NightSky Replaced(const NightSky&) { return {SkyKind::kGradient, {}, 77, 0.1}; }

[[nodiscard]] std::vector<SkyEdit> SkyEdits(int lights, unsigned seed) {
  const auto same = [](NightSky sky) { return sky; };
  return {
      {"as it is", same, kSameFraming, true},
      {"mirrored", same, {-1, 0, 1, 0, 1, 0, 0, 0, 1}},
      {"cropped", same, {0.75, 0, 0.1, 0, 0.75, 0.15, 0, 0, 1}},
      {"cropped by 2 %", same, {0.98, 0, 0.01, 0, 0.98, 0.01, 0, 0, 1}},
      {"shifted by 1 %", same, {1, 0, 0.01, 0, 1, 0.005, 0, 0, 1}},
      {"another photograph",
       [=](const NightSky& sky) { return MakeNightSky(sky.kind, lights, seed + 500); }},
      {"the largest removed", WithoutLargest, kSameFraming, lights > 1},
      {"dimmed", Dimmed, kSameFraming, true},
      {"sky replaced", Replaced},
  };
}

/// Shares of the places without light that are lifted, and of the lights that are not.
struct Wrong {
  double lifted = 0, lost = 0;
};
[[nodiscard]] Wrong WrongIn(const Plane<float>& gain, const Scene& truth) {
  const Plane<float> right = Resized(truth.gain_stops.view(), gain.width(), gain.height());
  constexpr int kMargin = 4;  // map pixels around a light's edge that do not count
  double dark = 0, lifted = 0, light = 0, lost = 0;
  for (int y = kMargin; y + kMargin < gain.height(); ++y) {
    for (int x = kMargin; x + kMargin < gain.width(); ++x) {
      float least = right.Row(y)[x], most = least;
      for (const auto& [dx, dy] :
           {std::pair{-kMargin, 0}, {kMargin, 0}, {0, -kMargin}, {0, kMargin}}) {
        least = std::min(least, right.Row(y + dy)[x + dx]);
        most = std::max(most, right.Row(y + dy)[x + dx]);
      }
      if (most < 0.05F) {
        dark += 1;
        lifted += gain.Row(y)[x] > 0.35F ? 1 : 0;
      } else if (least > 1) {
        light += 1;
        lost += gain.Row(y)[x] < 0.6F * right.Row(y)[x] ? 1 : 0;
      }
    }
  }
  return {dark > 0 ? lifted / dark : 0, light > 0 ? lost / light : 0};
}

/// Every edit of one sky.
void JudgeSky(SkyKind kind, int lights, bool as_exr) {
  const unsigned seed = static_cast<unsigned>(lights) + 10 * static_cast<unsigned>(kind);
  const NightSky sky = MakeNightSky(kind, lights, seed);
  const Scene scene = Photographed(sky, kSameFraming, kWidth, kHeight);
  const Bytes original = as_exr ? test::FloatFile(scene.hdr.view(), FileFormat::kOpenExr)
                                : test::OriginalJpeg(scene, {.map_scale = 2});
  for (const SkyEdit& edit : SkyEdits(lights, seed)) {
    SCOPED_TRACE(testing::Message() << "sky " << static_cast<int>(kind) << ", " << lights
                                    << " lights, exr " << as_exr << ": " << edit.name);
    const Scene shown = Photographed(edit.change(sky), edit.to_sky, kWidth, kHeight);
    const Expected<Result> result =
        Process(test::MakeRequest(test::SdrJpeg(shown.sdr.view(), {}), original));
    if (!result) {
      EXPECT_FALSE(edit.must_work) << result.error().message;
      EXPECT_TRUE(result.error().code == ErrorCode::kMismatch ||
                  result.error().code == ErrorCode::kNoGainMap)
          << result.error().message;
      continue;
    }
    const Wrong wrong = WrongIn(test::GainOf(result->ultra_hdr), shown);
    EXPECT_LT(wrong.lifted, 0.0005);
    EXPECT_LT(wrong.lost, 0.02);
  }
}

/// All where HDR_PROCESS_EDITS is set.
TEST(LightsTest, GainFollowsThemOrTheJobIsRefused) {
  const bool all = std::getenv("HDR_PROCESS_EDITS") != nullptr;
  for (const SkyKind kind : {SkyKind::kPlain, SkyKind::kGradient, SkyKind::kStarry}) {
    for (int lights = 1; lights <= 5; ++lights) {
      if (all || lights == 1 + static_cast<int>(kind)) JudgeSky(kind, lights, false);
      if (all || lights == 5 - static_cast<int>(kind)) JudgeSky(kind, lights, true);
    }
  }
}

/// In a sky of nearly white; without it the map may have nothing left to say.
TEST(LightsTest, ASunRetouchedOutOfABrightSkyLosesItsGain) {
  for (const double level : {0.8, 0.86, 0.92}) {
    for (const bool as_exr : {false, true}) {
      SCOPED_TRACE(testing::Message() << level << ", exr " << as_exr);
      NightSky sky = MakeNightSky(SkyKind::kPlain, 1, 11);
      sky.level = level;
      const Scene scene = Photographed(sky, kSameFraming, kWidth, kHeight);
      const Bytes original = as_exr ? test::FloatFile(scene.hdr.view(), FileFormat::kOpenExr)
                                    : test::OriginalJpeg(scene, {.map_scale = 2});
      const Expected<Result> kept =
          Process(test::MakeRequest(test::SdrJpeg(scene.sdr.view(), {}), original));
      ASSERT_TRUE(kept) << kept.error().message;
      EXPECT_LT(WrongIn(test::GainOf(kept->ultra_hdr), scene).lost, 0.02);
      sky.lights.clear();
      const Scene shown = Photographed(sky, kSameFraming, kWidth, kHeight);
      const Expected<Result> result =
          Process(test::MakeRequest(test::SdrJpeg(shown.sdr.view(), {}), original));
      if (!result) {
        EXPECT_TRUE(result.error().code == ErrorCode::kMismatch ||
                    result.error().code == ErrorCode::kNoGainMap)
            << result.error().message;
        continue;
      }
      EXPECT_LT(WrongIn(test::GainOf(result->ultra_hdr), shown).lifted, 0.0005);
    }
  }
}

/// Mean gain in stops around a place.
[[nodiscard]] double GainAt(const Bytes& file, double x, double y) {
  const Plane<float> gain = test::GainOf(file);
  double sum = 0;
  for (int dy = -2; dy <= 2; ++dy) {
    for (int dx = -2; dx <= 2; ++dx) {
      sum += static_cast<double>(gain.Row(static_cast<int>(y * gain.height()) +
                                          dy)[static_cast<int>(x * gain.width()) + dx]);
    }
  }
  return sum / 25;
}

TEST(LightsCasesTest, AMovedMoonTakesItsGainAlong) {
  HDRP_NEEDS_CORPUS();
  const Bytes original = test::ReadCorpus("cases/moon_moved/original.jpg");
  struct Case {
    std::string name;
    double x, y;  ///< of the moon in the edit; 2/3, .28 in the original
  };
  for (const Case& made :
       {Case{"mirrored", 0.333, 0.28}, {"cropped", 0.555, 0.37}, {"other_photo", 0.25, 0.69}}) {
    SCOPED_TRACE(made.name);
    const Expected<Result> result = Process(
        test::MakeRequest(test::ReadCorpus("cases/moon_moved/" + made.name + ".jpg"), original));
    if (!result) {
      EXPECT_EQ(result.error().code, ErrorCode::kMismatch);
      continue;
    }
    EXPECT_GT(GainAt(result->ultra_hdr, made.x, made.y), 2);
    EXPECT_LT(GainAt(result->ultra_hdr, 0.667, 0.28), 0.2);
  }
}

TEST(LightsCasesTest, TheLargestLightLosesItsGainWhereItWasRemoved) {
  HDRP_NEEDS_CORPUS();
  const Result result = test::MustProcess(
      test::MakeRequest(test::ReadCorpus("cases/largest_light_removed/edit.jpg"),
                        test::ReadCorpus("cases/largest_light_removed/original.jpg")));
  const Plane<float> gain = test::GainOf(result.ultra_hdr);
  // The removed one's disc, and the one that is still there.
  for (int y = 0; y < gain.height(); ++y) {
    for (int x = 0; x < gain.width(); ++x) {
      const double u = (x + 0.5) / gain.width(), v = (y + 0.5) / gain.height();
      if (u > 0.6 && u < 0.82 && v > 0.15 && v < 0.43) {
        EXPECT_LT(gain.Row(y)[x], 0.2F) << u << " " << v;
      }
    }
  }
  EXPECT_GT(GainAt(result.ultra_hdr, 0.25, 0.222), 2);
}

}  // namespace
}  // namespace hdrp
