// What holds for every guard, and what each one is for.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "guard/clamp.h"
#include "guard/guards.h"
#include "guard/highlight_cap.h"
#include "guard/saturation.h"
#include "guard/shadow_floor.h"
#include "guard/skin.h"
#include "guard/smooth_gain.h"

namespace hdrp {
namespace {

/// A picture, its luma, and a gain that gives every guard something to do.
struct Case {
  Plane<std::uint8_t> base;
  Plane<float> luma;
  Log2Gain gain;
  [[nodiscard]] GuardScene scene() const { return {base.view(), luma.view(), 0.4}; }
};

Case MakeCase(int width, int height, int channels) {
  std::mt19937 random(7);
  Case made{Plane<std::uint8_t>(width, height, channels),
            Plane<float>(width, height),
            {Plane<float>(width, height)}};
  for (int y = 0; y < height; ++y) {
    for (std::uint8_t& sample : made.base.view().RowSpan(y)) {
      sample = static_cast<std::uint8_t>(random() & 0xFF);
    }
    for (float& stops : made.gain.stops.view().RowSpan(y)) {
      stops = -0.5F + 5 * static_cast<float>(random() & 0xFFFF) / 0xFFFF;
    }
    for (int x = 0; x < width; ++x) {
      made.luma.Row(y)[x] = static_cast<float>(made.base.view().At(x, y, channels / 2)) / 255;
    }
  }
  return made;
}

/// One guard alone.
GuardStrengths Only(Guard guard, double strength) {
  GuardStrengths strengths;
  for (const Guard each : kGuards) strengths.Set(each, 0);
  strengths.Set(guard, strength);
  return strengths;
}

std::vector<float> Samples(PlaneView<const float> plane) {
  std::vector<float> samples;
  for (int y = 0; y < plane.height; ++y) {
    const auto row = plane.RowSpan(y);
    samples.insert(samples.end(), row.begin(), row.end());
  }
  return samples;
}

std::vector<float> Guarded(const Case& made, const GuardStrengths& strengths) {
  Expected<GuardedGain> result = ApplyGuards({made.gain.stops.Clone()}, made.scene(), strengths);
  EXPECT_TRUE(result) << result.error().message;
  if (!result) return {};
  return Samples(std::as_const(result->gain.stops).view());
}

Log2Gain GainOf(const std::vector<float>& samples) {
  Log2Gain gain{Plane<float>(static_cast<int>(samples.size()), 1)};
  std::ranges::copy(samples, gain.stops.Row(0));
  return gain;
}

std::vector<float> SamplesOf(const Log2Gain& gain) { return Samples(gain.stops.view()); }

TEST(GuardsTest, OffLeavesEveryBitAndStrengthBlendsInLine) {
  for (const auto& [width, height] :
       {std::pair{1, 1}, std::pair{2, 1}, std::pair{7, 5}, std::pair{64, 48}}) {
    for (const int channels : {1, 3}) {
      const Case made = MakeCase(width, height, channels);
      const std::vector<float> before = Samples(made.gain.stops.view());
      for (const Guard guard : kGuards) {
        SCOPED_TRACE(testing::Message() << NameOf(guard) << " " << width << " x " << height);
        const std::vector<float> off = Guarded(made, Only(guard, 0));
        EXPECT_TRUE(std::ranges::equal(before, off, [](float a, float b) {
          return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b);
        }));
        const std::vector<float> full = Guarded(made, Only(guard, 1));
        const std::vector<float> half = Guarded(made, Only(guard, 0.5));
        ASSERT_EQ(full.size(), before.size());
        for (std::size_t i = 0; i < before.size(); ++i) {
          EXPECT_TRUE(std::isfinite(full[i]));
          EXPECT_NEAR(half[i], (before[i] + full[i]) / 2, 1e-5);
        }
        if (width * height > 100 &&
            (channels == 3 || (guard != Guard::kSaturation && guard != Guard::kSkin))) {
          EXPECT_NE(before, full) << "the case must give the guard something to do";
        }
      }
    }
  }
}

TEST(GuardsTest, ReportWhatEachDid) {
  const Case one = MakeCase(1, 1, 1);
  GuardStrengths strengths = Only(Guard::kClamp, 0.5);
  Expected<GuardedGain> clamped = ApplyGuards(GainOf({4.5F}), one.scene(), strengths);
  ASSERT_TRUE(clamped);
  ASSERT_EQ(clamped->effects.size(), 1U);
  EXPECT_EQ(clamped->effects[0].guard, Guard::kClamp);
  EXPECT_EQ(clamped->effects[0].strength, 0.5);
  EXPECT_NEAR(clamped->effects[0].mean_change_stops, 0.5, 1e-6);
  EXPECT_NEAR(clamped->effects[0].max_change_stops, 0.5, 1e-6);
}

TEST(GuardsTest, AGainThatIsNoNumberIsAnErrorWhicheverGuardsAreOn) {
  const Case made = MakeCase(1, 1, 1);
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
        -std::numeric_limits<float>::infinity()}) {
    for (const GuardStrengths& strengths : {GuardStrengths(), Only(Guard::kClamp, 0)}) {
      const Expected<GuardedGain> result = ApplyGuards(GainOf({bad}), made.scene(), strengths);
      ASSERT_FALSE(result);
      EXPECT_EQ(result.error().code, ErrorCode::kModelFailed);
    }
  }
}

TEST(GuardsTest, DefaultsProtectAndDoNotTaste) {
  const GuardStrengths defaults;
  EXPECT_FALSE(defaults.chosen());
  for (const Guard guard : kGuards) {
    const bool opt_in =
        guard == Guard::kSmooth || guard == Guard::kSaturation || guard == Guard::kSkin;
    EXPECT_EQ(defaults[guard], opt_in ? 0 : 1) << NameOf(guard);
  }
}

TEST(GuardsTest, WordsAreReadStrictly) {
  for (const Guard guard : kGuards) {
    const std::string name(NameOf(guard));
    for (const auto& [text, strength] : {std::pair<std::string, double>{name, 1},
                                         {name + "=on", 1},
                                         {name + "=off", 0},
                                         {name + "=0.25", .25},
                                         {name + "=1", 1},
                                         {name + "=0", 0}}) {
      const Expected<GuardStrengths> read = WithGuard(GuardStrengths(), text);
      ASSERT_TRUE(read) << text;
      EXPECT_EQ((*read)[guard], strength) << text;
      EXPECT_TRUE(read->chosen());
    }
  }
  for (const char* text : {"", "=", "=1", "Clamp", "clamp ", "clamp=", "clamp=yes", "clamp=-0.1",
                           "clamp=1.01", "clamp=nan", "clamp=inf", "clamp=0.5x", "clamp=0,5"}) {
    const Expected<GuardStrengths> read = WithGuard(GuardStrengths(), text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, ErrorCode::kBadArgument);
  }
  const Expected<GuardStrengths> unknown = WithGuard(GuardStrengths(), "sparkle");
  ASSERT_FALSE(unknown);
  EXPECT_NE(unknown.error().message.find("highlight-cap, floor"), std::string::npos);
}

TEST(ClampGuardTest, KeepsWhatMayBe) {
  EXPECT_EQ(SamplesOf(ClampGain(GainOf({-1, -0.0F, 0, 1.25F, 3.5F, 3.6F, 1e30F}))),
            (std::vector<float>{0, 0, 0, 1.25F, 3.5F, 3.5F, 3.5F}));
}

TEST(HighlightCapTest, BendsFromTheKneeOnWithoutKinkAndKeepsTheOrder) {
  std::vector<float> ramp;
  for (int i = 0; i <= 800; ++i) ramp.push_back(static_cast<float>(i) / 100);
  const std::vector<float> bent = SamplesOf(CapHighlights(GainOf(ramp)));
  for (std::size_t i = 0; i < ramp.size(); ++i) {
    if (ramp[i] <= kHighlightKneeStops) {
      EXPECT_EQ(bent[i], ramp[i]);
    }
    EXPECT_LE(bent[i], std::min(ramp[i], kMaxGainStops));
    if (i == 0) continue;
    const float slope = (bent[i] - bent[i - 1]) * 100;
    EXPECT_GE(slope, 0);
    EXPECT_LE(slope, 1.001F);
    if (ramp[i] < kHighlightKneeStops + 0.015F) {
      EXPECT_NEAR(slope, 1, 0.02);  // C1 at the knee
    }
  }
  EXPECT_NEAR(bent[350], 2.8 + 0.7 * (1 - std::exp(-1.0)), 1e-5);
}

TEST(ShadowFloorTest, NothingInBlacksAllInMidTones) {
  Plane<float> luma(6, 1);
  std::ranges::copy(std::vector<float>{0, .05F, .075F, .0999F, .10F, 1}, luma.Row(0));
  const std::vector<float> floored =
      SamplesOf(FloorShadows(GainOf({2, 2, 2, 2, 2, 2}), luma.view()));
  EXPECT_EQ(floored[0], 0);
  EXPECT_EQ(floored[1], 0);
  EXPECT_NEAR(floored[2], 1, 1e-5);
  EXPECT_NEAR(floored[3], 2, 1e-3);
  EXPECT_EQ(floored[4], 2);
  EXPECT_EQ(floored[5], 2);
  EXPECT_EQ(SamplesOf(FloorShadows(GainOf({-1, -1, -1, -1, -1, -1}), luma.view())),
            std::vector<float>(6, -1.0F));
}

TEST(SaturationGuardTest, FallsWithChromaAndLeavesGrey) {
  Plane<std::uint8_t> base(256, 1, 3);
  for (int x = 0; x < 256; ++x) {  // from white to pure red
    base.view().At(x, 0, 0) = 255;
    base.view().At(x, 0, 1) = base.view().At(x, 0, 2) = static_cast<std::uint8_t>(255 - x);
  }
  const std::vector<float> limited =
      SamplesOf(LimitSaturation(GainOf(std::vector<float>(256, 2)), base.view()));
  EXPECT_EQ(limited[0], 2);
  EXPECT_EQ(limited[89], 2);
  EXPECT_NEAR(limited[255], 1, 1e-5);
  EXPECT_TRUE(std::ranges::is_sorted(limited, std::greater<>()));
}

TEST(SmoothGuardTest, ConstantStaysNoiseShrinksEdgesStay) {
  std::mt19937 random(3);
  Plane<float> luma(128, 64);
  Log2Gain flat{Plane<float>(128, 64)};
  Log2Gain step{Plane<float>(128, 64)};
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 128; ++x) {
      luma.Row(y)[x] = x < 64 ? 0.3F : 0.9F;
      flat.stops.Row(y)[x] = 1.3F;
      const float noise = 0.2F * (static_cast<float>(random() & 0xFF) / 255 - 0.5F);
      step.stops.Row(y)[x] = (x < 64 ? 0.2F : 1.6F) + noise;
    }
  }
  for (const float sample : SamplesOf(SmoothAlongLuma(std::move(flat), luma.view()))) {
    EXPECT_NEAR(sample, 1.3F, 1e-5);
  }
  const std::vector<float> smooth = SamplesOf(SmoothAlongLuma(std::move(step), luma.view()));
  for (std::size_t i = 0; i < smooth.size(); ++i) {
    EXPECT_NEAR(smooth[i], i % 128 < 64 ? 0.2F : 1.6F, 0.1F) << i % 128;
  }
}

TEST(SkinGuardTest, TakesSkinOfAllTonesAndLeavesWhatIsNot) {
  struct Row {
    std::string name;
    std::uint8_t r, g, b;
    bool skin;
  };
  const Row rows[] = {{"light", 233, 180, 150, true},    {"medium", 198, 134, 102, true},
                      {"olive", 190, 145, 110, true},    {"brown", 141, 85, 58, true},
                      {"dark", 84, 50, 38, true},        {"grey", 128, 128, 128, false},
                      {"white", 255, 255, 255, false},   {"sky", 110, 160, 220, false},
                      {"grass", 90, 130, 60, false},     {"lamp", 255, 220, 60, false},
                      {"red light", 255, 30, 30, false}, {"black", 4, 2, 1, false}};
  for (const Row& row : rows) {
    const float likeness = SkinLikeness(row.r, row.g, row.b);
    if (row.skin) {
      EXPECT_GT(likeness, 0.5F) << row.name;
    } else {
      EXPECT_LT(likeness, 0.1F) << row.name;
    }
  }
}

TEST(SkinGuardTest, HalvesSkinSmoothlyAndLeavesWhatIsBeside) {
  // Skin at the left, with pale creases that the colour model does not know; a grey wall at the
  // right.
  Plane<std::uint8_t> base(200, 64, 3);
  Plane<float> luma(200, 64);
  Log2Gain gain{Plane<float>(200, 64)};
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 200; ++x) {
      const bool wall = x >= 100;
      const bool crease = !wall && x % 10 == 0;
      const int skin[3] = {220, crease ? 185 : 165, crease ? 175 : 140};
      for (int c = 0; c < 3; ++c) {
        base.view().At(x, y, c) = static_cast<std::uint8_t>(wall ? 90 : skin[c]);
      }
      luma.Row(y)[x] = wall ? 0.35F : crease ? 0.75F : 0.68F;
      gain.stops.Row(y)[x] = 1;
    }
  }
  const Log2Gain limited = LimitSkin(std::move(gain), base.view(), luma.view());
  for (int x = 10; x < 90; ++x) EXPECT_NEAR(limited.stops.Row(32)[x], 0.55F, 0.06F) << x;
  for (int x = 110; x < 200; ++x) EXPECT_NEAR(limited.stops.Row(32)[x], 1.0F, 0.03F) << x;
}

}  // namespace
}  // namespace hdrp
