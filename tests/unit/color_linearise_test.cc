#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "color/icc_write.h"
#include "color/linearise.h"
#include "color/matrix.h"
#include "color/transfer.h"
#include "metadata/jpeg_structure.h"
#include "support/corpus.h"
#include "support/profiles.h"

namespace hdrp {
namespace {

using Rgb = std::array<float, 3>;
constexpr float kInfinity = std::numeric_limits<float>::infinity();

RowLineariser Must(const ColorSpec& spec, const SampleFormat& format = {},
                   const LineariseOptions& options = {.target = kRec709Primaries}) {
  auto made = RowLineariser::Create(spec, format, options);
  EXPECT_TRUE(made) << made.error().where << ": " << made.error().message;
  return std::move(made).value();
}

std::vector<float> LinearOf(const RowLineariser& lineariser, const std::vector<float>& samples,
                            std::size_t pixels) {
  std::vector<float> linear(3 * pixels, -99);
  lineariser.Row(samples, linear);
  return linear;
}

Rgb Pixel(const RowLineariser& lineariser, const std::vector<float>& samples) {
  const auto linear = LinearOf(lineariser, samples, 1);
  return {linear[0], linear[1], linear[2]};
}

void ExpectNear(const Rgb& found, const Rgb& expected, float tolerance) {
  for (std::size_t c = 0; c < 3; ++c) EXPECT_NEAR(found[c], expected[c], tolerance) << c;
}

TEST(RowLineariserTest, IntegerCodesOfEveryDepth) {
  for (const int bits : {1, 8, 10, 12, 16, 24}) {
    const auto lineariser = Must({}, {.bits = bits});
    const double largest = std::pow(2, bits) - 1;
    for (const double part : {0.0, 0.1, 0.5, 0.99, 1.0}) {
      const double code = std::round(part * largest) / largest;
      const auto light = static_cast<float>(LinearFromSrgb(code));
      const auto sample = static_cast<float>(code);
      ExpectNear(Pixel(lineariser, {sample, sample, sample}), {light, light, light},
                 1e-6F * light + 1e-9F);
    }
  }
}

TEST(RowLineariserTest, EveryOf65536CodesHasItsOwnEntry) {
  const auto lineariser = Must({.transfer = Transfer::kPq}, {.channels = 1, .bits = 16});
  std::vector<float> samples(65'536);
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = static_cast<float>(i) / 65'535;
  const auto linear = LinearOf(lineariser, samples, samples.size());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double light = LinearFromPq(static_cast<double>(i) / 65'535);
    ASSERT_NEAR(linear[3 * i], light, light * 1e-4 + 1e-7) << i;
    ASSERT_EQ(linear[3 * i], linear[3 * i + 2]);
    ASSERT_TRUE(i <= 1 || linear[3 * i] > linear[3 * i - 3]) << i;
  }
}

TEST(RowLineariserTest, PrimariesAreConverted) {
  const ColorSpec p3{.transfer = Transfer::kLinear, .primaries = kDisplayP3Primaries};
  const auto lineariser = Must(p3, {.is_float = true});
  const Matrix m = RgbFromRgb(kDisplayP3Primaries, kRec709Primaries);
  const auto red = Pixel(lineariser, {1, 0, 0});
  for (std::size_t c = 0; c < 3; ++c) EXPECT_NEAR(red[c], m[c][0], 1e-6);
  EXPECT_LT(red[1], 0) << "light outside the gamut is kept";
  ExpectNear(Pixel(lineariser, {2, 2, 2}), {2, 2, 2}, 1e-6F);
}

TEST(RowLineariserTest, LinearFloatsPassAndMayBeScaled) {
  ColorSpec spec{.transfer = Transfer::kLinear};
  const SampleFormat floats{.is_float = true};
  EXPECT_EQ(Pixel(Must(spec, floats), {-0.5F, 0.25F, 70'000}), (Rgb{-0.5F, 0.25F, 70'000}));
  const auto wild = Pixel(Must(spec, floats), {std::nanf(""), kInfinity, -kInfinity});
  EXPECT_TRUE(std::isnan(wild[0]));
  EXPECT_EQ(wild[1], kInfinity);
  EXPECT_EQ(wild[2], -kInfinity);

  spec.white_nits = 406;
  ExpectNear(Pixel(Must(spec, floats), {1, 2, 3}), {2, 4, 6}, 1e-6F);
  const LineariseOptions brighter{.target = kRec709Primaries, .scale = 4};
  ExpectNear(Pixel(Must(spec, floats, brighter), {1, 2, 3}), {8, 16, 24}, 1e-5F);
  spec.transfer = Transfer::kSrgb;
  ExpectNear(Pixel(Must(spec, floats, brighter), {1, 1, 1}), {4, 4, 4}, 1e-6F);
}

TEST(RowLineariserTest, FloatsWithACurveFollowItBeyondItsEnds) {
  for (const auto transfer : {Transfer::kSrgb, Transfer::kRec709, Transfer::kGamma22,
                              Transfer::kGamma28, Transfer::kPq}) {
    const auto lineariser = Must({.transfer = transfer}, {.is_float = true});
    for (const float code : {-0.5F, 0.0F, 1e-6F, 0.0123F, 0.3333F, 0.77F, 1.0F, 1.5F}) {
      const double light = LinearFromCode(transfer, static_cast<double>(code));
      EXPECT_NEAR(Pixel(lineariser, {code, 0, 0})[0], light, std::abs(light) * 2e-5 + 1e-7)
          << static_cast<int>(transfer) << " " << code;
    }
    EXPECT_TRUE(std::isnan(Pixel(lineariser, {std::nanf(""), 0, 0})[0]));
    (void)Pixel(lineariser, {kInfinity, -kInfinity, 0});
  }
}

TEST(RowLineariserTest, IntegerSamplesOutOfRangeReadNothingElse) {
  const auto lineariser = Must({}, {.bits = 8});
  EXPECT_EQ(Pixel(lineariser, {std::nanf(""), kInfinity, -kInfinity}), (Rgb{0, 1, 0}));
  EXPECT_EQ(Pixel(lineariser, {-1, 2, 1e30F}), (Rgb{0, 1, 1}));
}

// BT.2408: 75 % HLG is 203 cd/m2; BT.2100: the OOTF's luminance is that of all channels.
TEST(RowLineariserTest, HlgIsShownAt1000Nits) {
  const ColorSpec hlg{.transfer = Transfer::kHlg, .primaries = kRec2020Primaries};
  const LineariseOptions same{.target = kRec2020Primaries};
  const auto lineariser = Must(hlg, {.is_float = true}, same);
  ExpectNear(Pixel(lineariser, {0.75F, 0.75F, 0.75F}), {1, 1, 1}, 5e-3F);
  ExpectNear(Pixel(lineariser, {1, 1, 1}), {4.926F, 4.926F, 4.926F}, 1e-3F);
  const auto red = Pixel(lineariser, {1, 0, 0});
  EXPECT_NEAR(red[0], 4.92611 * std::pow(0.2627, 0.2), 1e-3);
  EXPECT_EQ(red[1], 0);
  EXPECT_EQ(Pixel(lineariser, {0, 0, 0}), (Rgb{0, 0, 0}));
  EXPECT_TRUE(std::isnan(Pixel(lineariser, {std::nanf(""), 0, 0})[0]));
  const auto grey = Must(hlg, {.channels = 1, .bits = 10}, same);
  ExpectNear(Pixel(grey, {1}), {4.926F, 4.926F, 4.926F}, 1e-3F);
}

TEST(RowLineariserTest, GreyIsRepeatedInAnyPrimaries) {
  const auto lineariser = Must({.primaries = kDisplayP3Primaries}, {.channels = 1});
  const auto linear = LinearOf(lineariser, {1, 0, 1}, 3);
  EXPECT_EQ(linear, (std::vector<float>{1, 1, 1, 0, 0, 0, 1, 1, 1}));
}

TEST(RowLineariserTest, ProfilesCountBeforeTheRest) {
  ColorSpec spec{.transfer = Transfer::kPq, .primaries = kRec2020Primaries};
  spec.icc = DisplayP3IccProfile();
  spec.white_nits = 1000;
  const auto lineariser = Must(spec, {}, {.target = kDisplayP3Primaries});
  ExpectNear(Pixel(lineariser, {1, 0, 128 / 255.0F}), {1, 0, 0.21586F}, 3e-4F);
  const auto floats = Must(spec, {.is_float = true}, {.target = kDisplayP3Primaries});
  const auto beyond = Pixel(floats, {1.5F, 1.5F, 1.5F});
  for (const float v : beyond) EXPECT_NEAR(v, LinearFromSrgb(1.5), 1e-3);
  const auto below = Pixel(floats, {-0.01F, -0.01F, -0.01F});
  for (const float v : below) EXPECT_NEAR(v, -0.01 / 12.92, 1e-5);
  EXPECT_TRUE(std::isnan(Pixel(floats, {std::nanf(""), 0, 0})[0]));
}

TEST(RowLineariserTest, GreyProfilesAndPicturesMix) {
  const ColorSpec grey{.icc = test::GreyProfileOf(2.0)};
  ExpectNear(Pixel(Must(grey, {.channels = 1}), {0.6F}), {0.36F, 0.36F, 0.36F}, 1e-3F);
  ExpectNear(Pixel(Must(grey), {0.6F, 0, 1}), {0.36F, 0, 1}, 1e-3F);
  const ColorSpec rgb{.icc = test::RgbProfile(kRec2020Primaries, 2.0)};
  ExpectNear(Pixel(Must(rgb, {.channels = 1}), {0.6F}), {0.36F, 0.36F, 0.36F}, 1e-3F);
}

TEST(RowLineariserTest, LutProfilesAgreeWithTheSpaceTheyDescribe) {
  const Bytes matrix = test::RgbProfile(kDisplayP3Primaries, 2.2);
  const ColorSpec by_matrix{.icc = matrix};
  const ColorSpec by_lut{.icc = test::LutProfileOf(matrix)};
  const LineariseOptions wide{.target = kRec2020Primaries};
  const auto expected = Must(by_matrix, {}, wide);
  const auto found = Must(by_lut, {}, wide);
  for (const auto& pixel : std::vector<std::vector<float>>{
           {1, 1, 1}, {0.8F, 0.2F, 0.4F}, {0.2F, 0.8F, 0.2F}, {0.6F, 0.6F, 0.6F}, {0, 0, 0}}) {
    ExpectNear(Pixel(found, pixel), Pixel(expected, pixel), 6e-3F);
  }
  ExpectNear(Pixel(Must(by_lut, {.channels = 1}, wide), {1}), {1, 1, 1}, 3e-3F);
  (void)Pixel(Must(by_lut, {.is_float = true}, wide), {std::nanf(""), kInfinity, -kInfinity});
}

TEST(RowLineariserTest, AProfileThatSaysPqIsPq) {
  cmsHPROFILE profile = test::NewDisplayP3();
  cmsSetProfileVersion(profile, 4.4);
  cmsVideoSignalType cicp{9, 16, 0, 1};
  ASSERT_TRUE(cmsWriteTag(profile, cmsSigcicpTag, &cicp));
  const ColorSpec spec{.icc = test::Saved(profile)};
  const LineariseOptions same{.target = kRec2020Primaries};
  const auto lineariser = Must(spec, {.bits = 16}, same);
  ExpectNear(Pixel(lineariser, {0.58069F, 0, 1}), {1, 0, 49.26F}, 5e-3F);
}

TEST(RowLineariserTest, WhatCannotBeUsedIsAnError) {
  const auto code = [](const ColorSpec& spec) {
    const auto made = RowLineariser::Create(spec, {}, {});
    return made ? ErrorCode::kInternal : made.error().code;
  };
  EXPECT_EQ(code({.icc = Bytes(200, 7)}), ErrorCode::kBadInput);
  Chromaticities line = kRec709Primaries;
  line.green = line.red;
  EXPECT_EQ(code({.primaries = line}), ErrorCode::kBadInput);
  EXPECT_EQ(code({.icc = test::Saved(cmsCreateLab4Profile(nullptr))}), ErrorCode::kUnsupported);
  EXPECT_FALSE(RowLineariser::Create({}, {.channels = 4}, {}));
  HDRP_NEEDS_CORPUS();
  const Bytes file = test::ReadCorpus("sdr/sharp_Channel_digital_image_CMYK_color.jpg");
  const auto stream = WalkJpeg(file, 0);
  ASSERT_TRUE(stream);
  EXPECT_EQ(code({.icc = *JoinIcc(*stream)}), ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace hdrp
