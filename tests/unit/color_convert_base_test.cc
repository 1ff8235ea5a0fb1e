#include <gtest/gtest.h>
#include <lcms2.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "color/convert_base.h"
#include "color/icc_write.h"
#include "color/transfer.h"
#include "decode/jpeg_pixels.h"
#include "metadata/jpeg_structure.h"
#include "support/color_difference.h"
#include "support/corpus.h"
#include "support/profiles.h"

namespace hdrp {
namespace {

using test::Lab;

BaseConverter Must(const ColorSpec& spec, const SampleFormat& format, OutputSpace space) {
  auto made = BaseConverter::Create(spec, format, space);
  EXPECT_TRUE(made) << made.error().message;
  return std::move(made).value();
}

struct SpaceCase {
  std::string name;
  ColorSpec spec;
  int channels;
  OutputSpace converted;
  OutputSpace kept;
};
void PrintTo(const SpaceCase& row, std::ostream* out) { *out << row.name; }

class OutputSpaceTest : public testing::TestWithParam<SpaceCase> {};

TEST_P(OutputSpaceTest, IsChosen) {
  const SpaceCase& row = GetParam();
  const auto converted = OutputSpaceFor(row.spec, row.channels, ProfilePolicy::kConvert);
  ASSERT_TRUE(converted) << converted.error().message;
  EXPECT_EQ(*converted, row.converted);
  const auto kept = OutputSpaceFor(row.spec, row.channels, ProfilePolicy::kKeep);
  ASSERT_TRUE(kept) << kept.error().message;
  EXPECT_EQ(*kept, row.kept);
}

constexpr auto kKeep = OutputSpace::kKeep;
constexpr auto kSrgb = OutputSpace::kSrgb;
constexpr auto kP3 = OutputSpace::kDisplayP3;

INSTANTIATE_TEST_SUITE_P(
    , OutputSpaceTest,
    testing::Values(
        SpaceCase{"nothing_said", {}, 3, kKeep, kKeep},
        SpaceCase{"nothing_said_grey", {}, 1, kKeep, kKeep},
        SpaceCase{"rec709_as_displayed", {.transfer = Transfer::kRec709}, 3, kSrgb, kSrgb},
        SpaceCase{"linear_grey", {.transfer = Transfer::kLinear}, 1, kSrgb, kSrgb},
        SpaceCase{"p3_without_profile", {.primaries = kDisplayP3Primaries}, 3, kP3, kP3},
        SpaceCase{"grey_in_p3", {.primaries = kDisplayP3Primaries}, 1, kKeep, kKeep},
        SpaceCase{"rec2020_without_profile", {.primaries = kRec2020Primaries}, 3, kP3, kP3},
        SpaceCase{"srgb_profile", {.icc = SrgbIccProfile()}, 3, kKeep, kKeep},
        SpaceCase{"p3_profile", {.icc = DisplayP3IccProfile()}, 3, kKeep, kKeep},
        SpaceCase{"rec709_gamma22_profile",
                  {.icc = test::RgbProfile(kRec709Primaries, 2.2)},
                  3,
                  kSrgb,
                  kKeep},
        SpaceCase{
            "rec2020_profile", {.icc = test::RgbProfile(kRec2020Primaries, 2.4)}, 3, kP3, kKeep},
        SpaceCase{"lut_profile", {.icc = test::LutProfileOf(SrgbIccProfile())}, 3, kP3, kKeep},
        SpaceCase{"grey_profile", {.icc = test::GreyProfileOf(1.8)}, 1, kKeep, kKeep},
        SpaceCase{"grey_profile_on_colour", {.icc = test::GreyProfileOf(1.8)}, 3, kSrgb, kSrgb},
        SpaceCase{"colour_profile_on_grey", {.icc = SrgbIccProfile()}, 1, kKeep, kKeep}),
    [](const auto& row) { return row.param.name; });

TEST(OutputSpaceForTest, HdrAndUnknownPicturesAreNoBase) {
  for (const auto transfer : {Transfer::kPq, Transfer::kHlg}) {
    const auto space = OutputSpaceFor({.transfer = transfer}, 3, ProfilePolicy::kConvert);
    ASSERT_FALSE(space);
    EXPECT_EQ(space.error().code, ErrorCode::kUnsupported);
    EXPECT_NE(space.error().message.find("HDR picture"), std::string::npos);
  }
  const auto damaged = OutputSpaceFor({.icc = Bytes(99)}, 3, ProfilePolicy::kKeep);
  ASSERT_FALSE(damaged);
  EXPECT_EQ(damaged.error().code, ErrorCode::kBadInput);
  const Bytes lab = test::Saved(cmsCreateLab4Profile(nullptr));
  const auto other = OutputSpaceFor({.icc = lab}, 3, ProfilePolicy::kKeep);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::kUnsupported);
}

TEST(BaseConverterTest, KeptCodesStay) {
  for (const OutputSpace space : {OutputSpace::kKeep, OutputSpace::kDisplayP3}) {
    const auto converter = Must({.primaries = kDisplayP3Primaries}, {}, space);
    std::vector<float> samples(3 * 256);
    for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = static_cast<float>(i / 3) / 255;
    std::vector<std::uint8_t> codes(samples.size());
    EXPECT_EQ(converter.Row(samples, codes), 0U);
    for (std::size_t i = 0; i < codes.size(); ++i) ASSERT_EQ(codes[i], i / 3);
  }
  EXPECT_EQ(Must({}, {}, OutputSpace::kKeep).icc().size(), 0U);
  const ColorSpec with_profile{.icc = DisplayP3IccProfile()};
  const auto kept = Must(with_profile, {}, OutputSpace::kKeep);
  EXPECT_TRUE(std::ranges::equal(kept.icc(), with_profile.icc));
  const auto p3 = Must({.primaries = kDisplayP3Primaries}, {}, OutputSpace::kDisplayP3);
  EXPECT_TRUE(std::ranges::equal(p3.icc(), DisplayP3IccProfile()));
}

TEST(BaseConverterTest, SixteenBitsRoundToNearest) {
  const auto converter = Must({}, {.channels = 1, .bits = 16}, OutputSpace::kKeep);
  for (int code = 0; code < 65'536; code += 17) {
    const std::array<float, 1> sample = {static_cast<float>(code) / 65'535};
    std::array<std::uint8_t, 1> out{};
    (void)converter.Row(sample, out);
    ASSERT_EQ(out[0], (code * 2 + 257) / 514) << code;
  }
}

TEST(BaseConverterTest, LinearLightRoundsToTheNearestSrgbCode) {
  const auto converter =
      Must({.transfer = Transfer::kLinear}, {.channels = 1, .is_float = true}, OutputSpace::kSrgb);
  for (int i = 0; i <= 300'000; ++i) {
    const std::array<float, 1> sample = {static_cast<float>(i) / 300'000};
    std::array<std::uint8_t, 1> out{};
    ASSERT_EQ(converter.Row(sample, out), 0U);
    const double exact = SrgbFromLinear(static_cast<double>(sample[0])) * 255;
    ASSERT_LE(std::abs(exact - out[0]), 0.5 + 1e-4) << i;
  }
  const std::array<float, 5> wild = {std::nanf(""), INFINITY, -INFINITY, -5, 5};
  std::array<std::uint8_t, 5> out{};
  EXPECT_EQ(converter.Row(wild, out), 5U);
  EXPECT_EQ(out, (std::array<std::uint8_t, 5>{0, 255, 0, 0, 255}));
}

TEST(BaseConverterTest, GreyWithACurveStaysOneChannel) {
  const auto converter =
      Must({.transfer = Transfer::kGamma22}, {.channels = 1}, OutputSpace::kSrgb);
  std::vector<float> samples(1000);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i] = static_cast<float>(i % 256) / 255;
  }
  std::vector<std::uint8_t> codes(samples.size());
  EXPECT_EQ(converter.Row(samples, codes), 0U);
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const double light = std::pow(static_cast<double>(i % 256) / 255, 2.2);
    ASSERT_NEAR(codes[i], SrgbFromLinear(light) * 255, 0.51);
  }
}

/// Colours of pictures as lcms2 sees them, with nothing of ours on the way.
class Eye {
 public:
  Eye(cmsHPROFILE from, cmsHPROFILE to, cmsUInt32Number in, cmsUInt32Number out)
      : transform_(cmsCreateTransform(from, in, to, out, INTENT_RELATIVE_COLORIMETRIC,
                                      cmsFLAGS_NOOPTIMIZE | cmsFLAGS_NOCACHE)) {
    EXPECT_NE(transform_, nullptr);
    cmsCloseProfile(from);
    cmsCloseProfile(to);
  }
  Eye(const Eye&) = delete;
  Eye& operator=(const Eye&) = delete;
  ~Eye() { cmsDeleteTransform(transform_); }
  template <typename In, typename Out>
  void See(const In* in, Out* out, int pixels) const {
    cmsDoTransform(transform_, in, out, static_cast<cmsUInt32Number>(pixels));
  }

 private:
  cmsHTRANSFORM transform_;
};

struct PhotoCase {
  std::string name;
  OutputSpace space;
};
void PrintTo(const PhotoCase& row, std::ostream* out) { *out << row.name; }

class ConvertedPhotoTest : public testing::TestWithParam<PhotoCase> {};

TEST_P(ConvertedPhotoTest, LooksTheSame) {
  HDRP_NEEDS_CORPUS();
  const Bytes file = test::ReadCorpus("sdr/icc_" + GetParam().name + ".jpg");
  const auto stream = WalkJpeg(file, 0);
  ASSERT_TRUE(stream);
  const ColorSpec spec{.icc = JoinIcc(*stream).value()};
  const auto space = OutputSpaceFor(spec, 3, ProfilePolicy::kConvert);
  ASSERT_TRUE(space) << space.error().message;
  EXPECT_EQ(*space, GetParam().space);
  const auto converter = Must(spec, {}, *space);
  const auto decoded = DecodeJpeg(file, {});
  ASSERT_TRUE(decoded);
  const auto pixels = decoded->pixels.view();

  const auto open = [](ByteView icc) {
    return cmsOpenProfileFromMem(icc.data(), static_cast<cmsUInt32Number>(icc.size()));
  };
  cmsToneCurve* gamma1 = cmsBuildGamma(nullptr, 1);
  const Eye edit(open(spec.icc), cmsCreateLab4Profile(nullptr), TYPE_RGB_FLT, TYPE_Lab_DBL);
  const Eye result(*space == OutputSpace::kDisplayP3 ? test::NewDisplayP3() : open(spec.icc),
                   cmsCreateLab4Profile(nullptr), TYPE_RGB_8, TYPE_Lab_DBL);
  const Eye light(open(spec.icc), test::NewRgbProfile(kDisplayP3Primaries, gamma1), TYPE_RGB_FLT,
                  TYPE_RGB_FLT);
  cmsFreeToneCurve(gamma1);

  const auto width = static_cast<std::size_t>(pixels.width);
  std::vector<float> samples(3 * width);
  std::vector<float> linear(3 * width);
  std::vector<std::uint8_t> codes(3 * width);
  std::vector<Lab> before(width);
  std::vector<Lab> after(width);
  double sum = 0;
  double worst = 0;
  std::size_t inside = 0;
  std::size_t clipped = 0;
  std::size_t reported = 0;
  for (int y = 0; y < pixels.height; ++y) {
    for (std::size_t i = 0; i < samples.size(); ++i) {
      samples[i] = static_cast<float>(pixels.Row(y)[i]) / 255;
    }
    reported += converter.Row(samples, codes);
    edit.See(samples.data(), before.data(), pixels.width);
    result.See(codes.data(), after.data(), pixels.width);
    light.See(samples.data(), linear.data(), pixels.width);
    for (std::size_t x = 0; x < width; ++x) {
      bool is_clipped = false;
      for (std::size_t c = 0; c < 3; ++c) {
        is_clipped |= linear[3 * x + c] < -0.001F || linear[3 * x + c] > 1.001F;
      }
      if (is_clipped && *space != OutputSpace::kKeep) {
        ++clipped;
        continue;
      }
      const double delta = test::DeltaE2000(before[x], after[x]);
      sum += delta;
      worst = std::max(worst, delta);
      ++inside;
    }
  }
  const double total = static_cast<double>(inside + clipped);
  RecordProperty("mean", std::to_string(sum / static_cast<double>(inside)));
  RecordProperty("worst", std::to_string(worst));
  RecordProperty("clipped", std::to_string(clipped));
  EXPECT_LT(sum / static_cast<double>(inside), 0.5) << worst;
  EXPECT_GT(static_cast<double>(inside), 0.5 * total);
  // Not quite the same matrix: lcms2's comes from the profile's rounded numbers.
  EXPECT_NEAR(static_cast<double>(reported), static_cast<double>(clipped), 0.005 * total);
  EXPECT_TRUE(reported == 0 || *space != OutputSpace::kKeep);
}

INSTANTIATE_TEST_SUITE_P(, ConvertedPhotoTest,
                         testing::Values(PhotoCase{"srgb", OutputSpace::kKeep},
                                         PhotoCase{"display_p3", OutputSpace::kKeep},
                                         PhotoCase{"adobe_rgb", OutputSpace::kDisplayP3},
                                         PhotoCase{"prophoto_rgb", OutputSpace::kDisplayP3},
                                         PhotoCase{"rec_2020", OutputSpace::kDisplayP3}),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace hdrp
