// HDR renditions in every colour space and container: the light that our file decodes to is the
// rendition's, whatever space the edit is in. And renditions with something wrong about them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>
#include <string>

#include "color/icc_write.h"
#include "color/matrix.h"
#include "color/transfer.h"
#include "picture_files.h"
#include "support/color_difference.h"
#include "support/corpus.h"
#include "support/scene.h"
#include "whole_flow.h"

namespace hdrp::test {
namespace {

constexpr int kWidth = 512;
constexpr int kHeight = 352;
/// HLG shows no more than 1000 / 203 times SDR white, and less in saturated colours.
constexpr float kMostOfHlg = 3.5F;

struct Light {
  Plane<float> rgb;  ///< Rec. 709
  Plane<std::uint8_t> srgb_codes;
};

/// The scene, its light limited to `most`.
Light LightUpTo(float most) {
  Scene scene = MakeScene(kWidth, kHeight);
  for (int y = 0; y < kHeight; ++y) {
    for (float& v : scene.hdr.view().RowSpan(y)) v = std::min(v, most);
  }
  return {std::move(scene.hdr), std::move(scene.sdr)};
}

enum class Container : std::uint8_t { kExr, kPng, kAvif, kHeif };

struct HdrCase {
  std::string name;
  Container container;
  const Chromaticities& primaries;
  std::uint8_t h273_primaries = 0;
  int bits = 16;
  std::optional<Transfer> transfer = std::nullopt;  ///< of the coded ones
  double most_p99_stops = 0.04;
};
void PrintTo(const HdrCase& row, std::ostream* out) { *out << row.name; }

/// A pixel of linear light as HLG's codes: the inverse of BT.2100's OOTF, then its OETF.
std::array<double, 3> HlgCodes(const std::array<double, 3>& light, const Matrix& to_xyz) {
  constexpr double kPeak = 1000 / kSdrWhiteNits;
  const double display = std::max(Multiplied(to_xyz, light)[1], 1e-6) / kPeak;
  const double gain = kPeak * std::pow(display, 0.2 / 1.2);
  std::array<double, 3> codes{};
  for (std::size_t c = 0; c < 3; ++c) codes[c] = HlgFromScene(std::max(0.0, light[c]) / gain);
  return codes;
}

Bytes Rendition(const HdrCase& row, PlaneView<const float> rec709) {
  const Plane<float> light = Converted(rec709, kRec709Primaries, row.primaries);
  if (row.container == Container::kExr) {
    return FloatFile(light.view(), FileFormat::kOpenExr, row.primaries);
  }
  const Matrix to_xyz = XyzFromRgb(row.primaries);
  Plane<float> coded(kWidth, kHeight, 3);
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      std::array<double, 3> pixel{};
      for (std::size_t c = 0; c < 3; ++c) {
        pixel[c] = static_cast<double>(light.view().At(x, y, static_cast<int>(c)));
      }
      if (row.transfer == Transfer::kHlg) {
        pixel = HlgCodes(pixel, to_xyz);
      } else {
        for (double& v : pixel) v = PqFromLinear(v);
      }
      for (std::size_t c = 0; c < 3; ++c) {
        coded.view().At(x, y, static_cast<int>(c)) = static_cast<float>(pixel[c]);
      }
    }
  }
  const Plane<std::uint16_t> codes = CodesOf(std::as_const(coded).view(), row.bits);
  const PictureFile picture = {
      .codes = codes.view(),
      .bits = row.bits,
      .primaries = row.h273_primaries,
      .transfer = static_cast<std::uint8_t>(row.transfer == Transfer::kHlg ? 18 : 16)};
  switch (row.container) {
    case Container::kAvif:
      return MakeAvif(picture);
    case Container::kHeif:
      return MakeHeif(picture);
    default:
      return MakePng(picture);
  }
}

Bytes SrgbEdit(const Light& light) {
  const Plane<std::uint16_t> codes = CodesOf(light.srgb_codes.view(), 8);
  return MakePng({.codes = codes.view()});
}

/// The same colours as Display P3.
Bytes P3Edit(const Light& light) {
  Plane<float> linear(kWidth, kHeight, 3);
  for (int y = 0; y < kHeight; ++y) {
    std::ranges::transform(light.srgb_codes.view().RowSpan(y), linear.Row(y), [](int code) {
      return static_cast<float>(LinearFromSrgb(code / 255.0));
    });
  }
  Plane<float> p3 = Converted(linear.view(), kRec709Primaries, kDisplayP3Primaries);
  for (int y = 0; y < kHeight; ++y) {
    for (float& v : p3.view().RowSpan(y)) {
      v = static_cast<float>(SrgbFromLinear(static_cast<double>(v)));
    }
  }
  const Plane<std::uint16_t> codes = CodesOf(std::as_const(p3).view(), 16);
  return MakePng({.codes = codes.view(), .bits = 16, .icc = DisplayP3IccProfile()});
}

double MeanDeltaEItp(PlaneView<const float> wanted_709, PlaneView<const float> found_709) {
  const Plane<float> wanted = Converted(wanted_709, kRec709Primaries, kRec2020Primaries);
  const Plane<float> found = Converted(found_709, kRec709Primaries, kRec2020Primaries);
  const auto nits = [](const Plane<float>& rgb, int x, int y) {
    std::array<double, 3> pixel{};
    for (std::size_t c = 0; c < 3; ++c) {
      pixel[c] = std::max(
          0.0, kSdrWhiteNits * static_cast<double>(rgb.view().At(x, y, static_cast<int>(c))));
    }
    return pixel;
  };
  double sum = 0;
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) sum += DeltaEItp(nits(wanted, x, y), nits(found, x, y));
  }
  return sum / (kWidth * kHeight);
}

class HdrColourTest : public testing::TestWithParam<HdrCase> {};

TEST_P(HdrColourTest, OurFileDecodesToTheRenditionsLight) {
  const HdrCase& row = GetParam();
  const Light light = LightUpTo(row.transfer == Transfer::kHlg ? kMostOfHlg : 100);
  const Bytes reference = Rendition(row, light.rgb.view());
  for (const bool wide : {false, true}) {
    const Bytes edit = wide ? P3Edit(light) : SrgbEdit(light);
    for (const bool gray : {false, true}) {
      SCOPED_TRACE(std::string(wide ? "P3 edit" : "sRGB edit") + (gray ? ", gray map" : ""));
      const Result result =
          MustProcess(MakeRequest(edit, reference, gray ? Options() : FineMap(3)));
      ASSERT_FALSE(result.ultra_hdr.empty());
      EXPECT_EQ(result.report.icc, wide ? "Display P3" : "");
      EXPECT_FALSE(result.report.derived->anchor_stops);
      const Plane<float> rendered = Rendered(result.ultra_hdr);
      const Plane<float> found = Converted(
          rendered.view(), wide ? kDisplayP3Primaries : kRec709Primaries, kRec709Primaries);
      ASSERT_EQ(found.width(), kWidth);
      ASSERT_EQ(found.height(), kHeight);
      const double itp = MeanDeltaEItp(light.rgb.view(), found.view());
      const double p99 = P99(ErrorsStops(light.rgb.view(), found.view()));
      std::printf("%s, %s edit, %s map: mean deltaE_ITP %.2f, p99 %.3f stops\n", row.name.c_str(),
                  wide ? "P3" : "sRGB", gray ? "gray" : "colour", itp, p99);
      // A gray map has neither the colours of highlights nor, in a small file, many bytes.
      EXPECT_LE(itp, gray ? 3.5 : 1.5);
      EXPECT_LE(p99, gray ? 0.2 : row.most_p99_stops);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    EditAndOriginal, HdrColourTest,
    testing::Values(
        HdrCase{"exr_rec709", Container::kExr, kRec709Primaries},
        HdrCase{"exr_p3", Container::kExr, kDisplayP3Primaries},
        HdrCase{"exr_rec2020", Container::kExr, kRec2020Primaries},
        HdrCase{"png16_pq_2020", Container::kPng, kRec2020Primaries, 9, 16, Transfer::kPq},
        HdrCase{"png16_pq_p3", Container::kPng, kDisplayP3Primaries, 12, 16, Transfer::kPq},
        HdrCase{"png16_hlg_2020", Container::kPng, kRec2020Primaries, 9, 16, Transfer::kHlg},
        HdrCase{"avif10_pq_2020", Container::kAvif, kRec2020Primaries, 9, 10, Transfer::kPq, 0.05},
        HdrCase{"avif10_hlg_2020", Container::kAvif, kRec2020Primaries, 9, 10, Transfer::kHlg,
                0.05},
        HdrCase{"heic10_pq_2020", Container::kHeif, kRec2020Primaries, 9, 10, Transfer::kPq, 0.06}),
    [](const auto& test) { return test.param.name; });

// Pairs that others made.

Request CorpusPair(const std::string& name, const Options& options = {}) {
  return MakeRequest(ReadCorpus("float/" + name + ".jpg"), ReadCorpus("float/" + name + ".exr"),
                     options);
}

TEST(HdrOddities, PixelsThatAreNotFiniteAreCounted) {
  HDRP_NEEDS_CORPUS();
  const Result result = MustProcess(CorpusPair("oexr_BrightRingsNanInf"));
  ASSERT_FALSE(result.ultra_hdr.empty());
  EXPECT_GT(result.report.derived->non_finite_pixels, 0U);
  EXPECT_THAT(result.report.warnings, testing::Contains(testing::HasSubstr(
                                          std::to_string(result.report.derived->non_finite_pixels) +
                                          " pixels are not finite")));
  const Plane<float> rgb = Rendered(result.ultra_hdr);
  for (int y = 0; y < rgb.height(); ++y) {
    EXPECT_TRUE(
        std::ranges::all_of(rgb.view().RowSpan(y), [](float v) { return std::isfinite(v); }));
  }
}

struct PairCase {
  std::string name;
  std::string warning = {};  ///< empty: the reference gives no warning
};
void PrintTo(const PairCase& row, std::ostream* out) { *out << row.name; }

class HdrPairTest : public testing::TestWithParam<PairCase> {};

/// EditAndOriginal that differ from the usual, each with the JPEG that its makers made of it.
TEST_P(HdrPairTest, GivesAFile) {
  HDRP_NEEDS_CORPUS();
  const Result result = MustProcess(CorpusPair("oexr_" + GetParam().name));
  ASSERT_FALSE(result.ultra_hdr.empty());
  EXPECT_EQ(result.report.source, "derived");
  const auto from_reference = std::ranges::count_if(
      result.report.warnings,
      [](const std::string& warning) { return warning.starts_with("reference: "); });
  EXPECT_EQ(from_reference, GetParam().warning.empty() ? 0 : 1);
  if (!GetParam().warning.empty()) {
    EXPECT_THAT(result.report.warnings, testing::Contains(testing::HasSubstr(GetParam().warning)));
  }
}

// t04's data window is larger than what is displayed; Garden holds luminance and subsampled chroma;
// Rec709 states its chromaticities.
INSTANTIATE_TEST_SUITE_P(Pairs, HdrPairTest,
                         testing::Values(PairCase{"t04", "differs from the display window"},
                                         PairCase{"Garden"}, PairCase{"Rec709"}),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace hdrp::test
