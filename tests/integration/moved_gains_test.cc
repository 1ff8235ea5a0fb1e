// Coloured gain maps whose gains live in other primaries than the base they are put on: what our
// file decodes to is the HDR rendition that the map meant, computed here in doubles and by itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "color/hdr_profile.h"
#include "color/icc_write.h"
#include "color/matrix.h"
#include "color/transfer.h"
#include "decode/gain_map_file.h"
#include "decode/jpeg_pixels.h"
#include "edit/edit_jpeg.h"
#include "metadata/iso21496.h"
#include "obtain/extract.h"
#include "package/jpeg_base.h"
#include "package/jpeg_encode.h"
#include "package/picture_file.h"
#include "picture_files.h"
#include "support/chart_file.h"
#include "support/corpus.h"
#include "support/scene.h"
#include "whole_flow.h"

namespace hdrp::test {
namespace {

using testing::Contains;
using testing::HasSubstr;

constexpr int kWidth = 384;
constexpr int kHeight = 256;

/// A base in sRGB or P3 by sRGB's curve, its map, and where the map's gains live.
struct Meant {
  PlaneView<const std::uint8_t> base;
  Chromaticities base_primaries;
  const EncodedGainMap& map;
  Chromaticities gain_primaries;
};

/// ISO 21496-1's formula at full headroom, in `target`; the map must be of the base's size.
Plane<float> FloatRender(const Meant& meant, const Chromaticities& target) {
  const Matrix to_gains = RgbFromRgb(meant.base_primaries, meant.gain_primaries);
  const Matrix to_target = RgbFromRgb(meant.gain_primaries, target);
  const Log2Gain gain = DecodeGain(meant.map);
  EXPECT_EQ(gain.stops.width(), meant.base.width);
  Plane<float> light(meant.base.width, meant.base.height, 3);
  for (int y = 0; y < meant.base.height; ++y) {
    for (int x = 0; x < meant.base.width; ++x) {
      Xyz pixel{};
      for (std::size_t c = 0; c < 3; ++c) {
        pixel[c] = LinearFromSrgb(meant.base.At(x, y, static_cast<int>(c)) / 255.0);
      }
      pixel = Multiplied(to_gains, pixel);
      for (std::size_t c = 0; c < 3; ++c) {
        const auto stops = static_cast<double>(gain.stops.view().At(x, y, static_cast<int>(c)));
        pixel[c] = (pixel[c] + meant.map.metadata.base_offset[c]) * std::exp2(stops) -
                   meant.map.metadata.alternate_offset[c];
      }
      pixel = Multiplied(to_target, pixel);
      for (std::size_t c = 0; c < 3; ++c) {
        light.view().At(x, y, static_cast<int>(c)) = static_cast<float>(pixel[c]);
      }
    }
  }
  return light;
}

struct Errors {
  double p99_stops = 0, p999_stops = 0,
         worst_stops = 0;  ///< of any channel, inside the gamut, with 1/64 added
  double outside_share = 0;
};

Errors ErrorsInside(const Plane<float>& wanted, const Plane<float>& found) {
  std::vector<double> errors{};
  double outside = 0;
  for (int y = 0; y < wanted.height(); ++y) {
    for (int x = 0; x < wanted.width(); ++x) {
      double worst = 0;
      bool inside = true;
      for (int c = 0; c < 3; ++c) {
        const auto light = static_cast<double>(wanted.view().At(x, y, c));
        inside = inside && light >= 0;
        const auto shown = std::max(0.0, static_cast<double>(found.view().At(x, y, c)));
        worst = std::max(
            worst, std::abs(std::log2((shown + 1.0 / 64) / (std::max(light, 0.0) + 1.0 / 64))));
      }
      if (inside) {
        errors.push_back(worst);
      } else {
        ++outside;
      }
    }
  }
  std::ranges::sort(errors);
  return {P99(errors), errors[errors.size() * 999 / 1000], errors.back(),
          outside / (static_cast<double>(wanted.width()) * wanted.height())};
}

std::string Told(const Errors& errors) {
  return "p99 " + std::to_string(errors.p99_stops) + ", p99.9 " +
         std::to_string(errors.p999_stops) + ", worst " + std::to_string(errors.worst_stops) +
         ", outside " + std::to_string(errors.outside_share);
}

/// The parts of a gain-map JPEG whose base has sRGB's curve.
struct Parts {
  Plane<std::uint8_t> base;
  EncodedGainMap map;
};
Parts PartsOf(const Bytes& jpeg) {
  const GainMapJpeg file = ReadGainMapJpeg(jpeg, {}).value();
  return {DecodeJpeg(file.primary.In(jpeg), {.output = JpegOutput::kRgb}).value().pixels,
          ExtractGainMap(jpeg, *file.map, AppleTransfer::kGamma22, {}).value()};
}

/// The scene with HDR colours that only `gain_primaries` hold, its base in `base_primaries`.
struct ColouredScene {
  Plane<std::uint8_t> base;
  EncodedGainMap map;
};
ColouredScene MakeColoured(const Chromaticities& base_primaries,
                           const Chromaticities& gain_primaries) {
  const Scene scene = MakeScene(kWidth, kHeight);
  // More saturated where it is bright: the gains differ by channel.
  Plane<float> hdr = Converted(scene.hdr.view(), kRec709Primaries, gain_primaries);
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      float* pixel = hdr.Row(y) + 3 * x;
      const float grey = (pixel[0] + pixel[1] + pixel[2]) / 3;
      const float more = 1.0F + 0.25F * std::min(grey, 1.0F);
      for (int c = 0; c < 3; ++c) pixel[c] = std::max(0.0F, grey + more * (pixel[c] - grey));
    }
  }
  ColouredScene result;
  Plane<float> linear(kWidth, kHeight, 3);
  for (int y = 0; y < kHeight; ++y) {
    std::ranges::transform(scene.sdr.view().RowSpan(y), linear.Row(y), [](int code) {
      return static_cast<float>(LinearFromSrgb(code / 255.0));
    });
  }
  const Plane<float> in_base = Converted(linear.view(), kRec709Primaries, base_primaries);
  result.base = Plane<std::uint8_t>(kWidth, kHeight, 3);
  for (int y = 0; y < kHeight; ++y) {
    std::ranges::transform(in_base.view().RowSpan(y), result.base.Row(y), [](float v) {
      return static_cast<std::uint8_t>(
          std::lround(255 * std::clamp(SrgbFromLinear(static_cast<double>(v)), 0.0, 1.0)));
    });
  }
  const Plane<float> sdr = Converted(in_base.view(), base_primaries, gain_primaries);
  Log2Gain gain{Plane<float>(kWidth, kHeight, 3)};
  GainMapMetadata numbers;
  numbers.use_base_color_space = base_primaries == gain_primaries;
  numbers.gain_map_min = {-1, -1, -1};
  numbers.gain_map_max = {4, 4, 4};
  numbers.alternate_hdr_headroom = 3;
  for (int y = 0; y < kHeight; ++y) {
    for (int i = 0; i < 3 * kWidth; ++i) {
      gain.stops.Row(y)[i] =
          std::log2((hdr.Row(y)[i] + 1.0F / 64) / (std::max(sdr.Row(y)[i], 0.0F) + 1.0F / 64));
    }
  }
  result.map = EncodeGain(gain, numbers);
  return result;
}

Bytes IccPayload(const Bytes& icc) {
  Bytes payload;
  for (const char c : std::string_view("ICC_PROFILE\0\x01\x01", 14)) {
    payload.push_back(static_cast<std::uint8_t>(c));
  }
  payload.insert(payload.end(), icc.begin(), icc.end());
  return payload;
}

/// As libultrahdr writes it: ISO metadata alone, the alternate's profile in the map's stream.
Bytes JpegOf(const ColouredScene& scene, const Bytes& base_icc, const Bytes& map_icc) {
  ChartFile file;
  file.base = EncodeJpeg(scene.base.view(), {.quality = 98}).value();
  file.map = EncodeJpeg(scene.map.codes.view(), {.flat_step = 1}).value();
  file.map_iso = {WriteIsoBlock(scene.map.metadata)};
  file.map_xmp.clear();
  if (!base_icc.empty()) file.primary_segments = {{0xE2, IccPayload(base_icc)}};
  if (!map_icc.empty()) file.map_segments = {{0xE2, IccPayload(map_icc)}};
  return file.Build();
}

// The base of an output is the input's own, so its light must be the light that was meant.
TEST(MovedGainsTest, AlternatePrimariesOfTheCorpusFile) {
  HDRP_NEEDS_CORPUS();
  const Bytes reference = ReadCorpus("cases/coloured_map_other_primaries/libultrahdr_default.jpg");
  const Parts parts = PartsOf(reference);
  const Plane<float> wanted = FloatRender(
      {parts.base.view(), kRec709Primaries, parts.map, kRec2020Primaries}, kRec709Primaries);

  // Rendered as it is.
  const Plane<float> exact =
      Converted(Rendered(reference).view(), kRec2020Primaries, kRec709Primaries);
  const Errors none = ErrorsInside(wanted, exact);
  EXPECT_LT(none.worst_stops, 0.005) << Told(none);

  const Result result = MustProcess(MakeRequest(reference));
  EXPECT_TRUE(result.report.metadata.use_base_color_space);
  EXPECT_THAT(result.report.map_steps, Contains(HasSubstr("from Rec. 2020 primaries")));
  EXPECT_NEAR(result.report.metadata.alternate_hdr_headroom,
              parts.map.metadata.alternate_hdr_headroom, 1e-6);
  const Errors errors = ErrorsInside(wanted, Rendered(result.ultra_hdr));
  EXPECT_LT(errors.p99_stops, 0.06) << Told(errors);
  EXPECT_LT(errors.p999_stops, 0.1) << Told(errors);
  RecordProperty("errors", Told(errors));
}

TEST(MovedGainsTest, TheCorpusFilesGainOnItsEdit) {
  HDRP_NEEDS_CORPUS();
  const std::string folder = "cases/coloured_map_other_primaries/";
  const Bytes edit = ReadCorpus(folder + "edit.jpg");
  const Bytes reference = ReadCorpus(folder + "libultrahdr_default.jpg");
  const Result result = MustProcess(MakeRequest(edit, reference));
  EXPECT_EQ(result.report.source, "iso");
  EXPECT_EQ(result.report.map_components, 3);
  Options keep;
  keep.keep = Keep::kHdr;
  const Result kept = MustProcess(MakeRequest(edit, reference, keep));
  const Plane<float> wanted =
      Converted(Rendered(reference).view(), kRec2020Primaries, kRec709Primaries);
  const auto errors = ErrorsStops(wanted.view(), Rendered(kept.ultra_hdr).view());
  EXPECT_LT(P99(errors), 0.25);
}

TEST(MovedGainsTest, P3ChannelsOnTheCorpusSrgbEdit) {
  HDRP_NEEDS_CORPUS();
  const Bytes reference = ReadCorpus("cases/rgb_map_p3_to_srgb/original.jpg");
  const Bytes edit = ReadCorpus("cases/rgb_map_p3_to_srgb/edit.jpg");
  const Parts parts = PartsOf(reference);
  const Plane<float> wanted = FloatRender(
      {parts.base.view(), kDisplayP3Primaries, parts.map, kDisplayP3Primaries}, kRec709Primaries);
  const Result result = MustProcess(MakeRequest(edit, reference));
  EXPECT_THAT(result.report.map_steps, Contains(HasSubstr("from P3 primaries")));
  // The edit is the same picture in sRGB, but for what its own JPEG coding lost.
  const Plane<float> found = Rendered(result.ultra_hdr);
  const Errors errors = ErrorsInside(wanted, found);
  const std::vector<double> luminance = ErrorsStops(wanted.view(), found.view());
  EXPECT_LT(P99(luminance), 0.15) << Told(errors);
  RecordProperty("errors", Told(errors));
}

struct MoveCase {
  std::string name;
  const Chromaticities& base;
  const Chromaticities& gains;
  Bytes base_icc, map_icc;
};
void PrintTo(const MoveCase& row, std::ostream* out) { *out << row.name; }

class MovedGainsKindTest : public testing::TestWithParam<MoveCase> {};

// Its own map: JPEG's numbers live in the base's primaries afterwards.
TEST_P(MovedGainsKindTest, InsideTheGamutTheLightStays) {
  const MoveCase& row = GetParam();
  const ColouredScene scene = MakeColoured(row.base, row.gains);
  const Bytes reference = JpegOf(scene, row.base_icc, row.map_icc);
  const Parts parts = PartsOf(reference);
  const Plane<float> wanted =
      FloatRender({parts.base.view(), row.base, parts.map, row.gains}, row.base);
  const Result result = MustProcess(MakeRequest(reference));
  EXPECT_TRUE(result.report.metadata.use_base_color_space);
  const Errors errors = ErrorsInside(wanted, Rendered(result.ultra_hdr));
  EXPECT_LT(errors.p99_stops, 0.06) << Told(errors);
  EXPECT_LT(errors.p999_stops, 0.12) << Told(errors);
  RecordProperty("errors", Told(errors));

  const Plane<float> exact = Converted(Rendered(reference).view(), row.gains, row.base);
  const Errors none = ErrorsInside(wanted, exact);
  EXPECT_LT(none.worst_stops, 0.005) << Told(none);
}

// Where the container says where gains live, convert leaves codes and numbers alone.
TEST_P(MovedGainsKindTest, ConvertToAvifKeepsThem) {
  const MoveCase& row = GetParam();
  const ColouredScene scene = MakeColoured(row.base, row.gains);
  const Bytes reference = JpegOf(scene, row.base_icc, row.map_icc);
  Options options;
  options.mode = Mode::kReference;
  options.output.format = FileFormat::kAvif;
  options.output.keep_map = true;
  const Result result = MustProcess(MakeRequest(reference, {}, options));
  Expected<GainMapFile> avif = OpenAvifGainMap(result.ultra_hdr, {});
  ASSERT_TRUE(avif && avif->map);
  EXPECT_EQ(avif->map->metadata.use_base_color_space, row.base == row.gains);
  ASSERT_TRUE(avif->map->alternate);
  EXPECT_EQ(avif->map->alternate->primaries, row.gains);
  const Parts parts = PartsOf(reference);
  const Plane<std::uint8_t> codes = avif->read_map().value().codes;
  for (int y = 0; y < codes.height(); ++y) {
    ASSERT_TRUE(std::ranges::equal(codes.view().RowSpan(y), parts.map.codes.view().RowSpan(y)))
        << y;
  }
  // And back: from AVIF the flag is read, and JPEG gets gains of the base's primaries.
  Options back;
  back.mode = Mode::kReference;
  back.output.keep_map = true;
  const Result jpeg = MustProcess(MakeRequest(result.ultra_hdr, {}, back));
  EXPECT_TRUE(jpeg.report.metadata.use_base_color_space);
}

TEST_P(MovedGainsKindTest, HeicHoldsOneChannelOfTheBasesPrimaries) {
  const MoveCase& row = GetParam();
  const Bytes reference = JpegOf(MakeColoured(row.base, row.gains), row.base_icc, row.map_icc);
  Options options;
  options.mode = Mode::kReference;
  options.output.format = FileFormat::kHeif;
  options.output.keep_map = true;
  const Result result = MustProcess(MakeRequest(reference, {}, options));
  EXPECT_TRUE(result.report.metadata.use_base_color_space);
  EXPECT_EQ(result.report.map_components, 1);
}

INSTANTIATE_TEST_SUITE_P(
    Spaces, MovedGainsKindTest,
    testing::Values(
        MoveCase{"srgb_base_rec2020_gains",
                 kRec709Primaries,
                 kRec2020Primaries,
                 {},
                 WriteIccProfile("Rec. 2020", kRec2020Primaries)},
        MoveCase{
            "srgb_base_p3_gains", kRec709Primaries, kDisplayP3Primaries, {}, DisplayP3IccProfile()},
        MoveCase{"p3_base_rec2020_gains", kDisplayP3Primaries, kRec2020Primaries,
                 DisplayP3IccProfile(), WriteIccProfile("Rec. 2020", kRec2020Primaries)},
        MoveCase{"p3_base_srgb_gains", kDisplayP3Primaries, kRec709Primaries, DisplayP3IccProfile(),
                 SrgbIccProfile()}),
    [](const auto& row) { return row.param.name; });

// Channels of the reference's own primaries, on an edit of others.
TEST(MovedGainsTest, GainsFollowTheEditsPrimaries) {
  const ColouredScene p3 = MakeColoured(kDisplayP3Primaries, kDisplayP3Primaries);
  const Bytes reference = JpegOf(p3, DisplayP3IccProfile(), {});
  // The same picture as sRGB.
  Plane<float> linear(kWidth, kHeight, 3);
  for (int y = 0; y < kHeight; ++y) {
    std::ranges::transform(p3.base.view().RowSpan(y), linear.Row(y), [](int code) {
      return static_cast<float>(LinearFromSrgb(code / 255.0));
    });
  }
  Plane<float> srgb = Converted(linear.view(), kDisplayP3Primaries, kRec709Primaries);
  for (int y = 0; y < kHeight; ++y) {
    for (float& v : srgb.view().RowSpan(y)) {
      v = static_cast<float>(SrgbFromLinear(static_cast<double>(v)));
    }
  }
  const Plane<std::uint16_t> codes = CodesOf(std::as_const(srgb).view(), 16);
  Options options;
  options.output.base_quality = 100;
  const Result result =
      MustProcess(MakeRequest(MakePng({.codes = codes.view(), .bits = 16}), reference, options));
  const Parts parts = PartsOf(reference);
  const Plane<float> wanted = FloatRender(
      {parts.base.view(), kDisplayP3Primaries, parts.map, kDisplayP3Primaries}, kRec709Primaries);
  const Errors errors = ErrorsInside(wanted, Rendered(result.ultra_hdr));
  EXPECT_LT(errors.p99_stops, 0.15) << Told(errors);
  RecordProperty("errors", Told(errors));

  // On an edit of its own primaries nothing is touched.
  Bytes same = WithMetadata(SdrJpeg(p3.base.view(), {}), {.icc = DisplayP3IccProfile()})->bytes;
  const Result copied = MustProcess(MakeRequest(std::move(same), reference));
  EXPECT_TRUE(copied.report.map_copied);
}

TEST(MovedGainsTest, ASmallerMapIsMovedAtItsOwnSize) {
  ColouredScene scene = MakeColoured(kRec709Primaries, kRec2020Primaries);
  scene.map =
      EncodeGain(ResizeGain(DecodeGain(scene.map), kWidth / 4, kHeight / 4), scene.map.metadata);
  const Bytes reference = JpegOf(scene, {}, WriteIccProfile("Rec. 2020", kRec2020Primaries));
  const Result result = MustProcess(MakeRequest(reference));
  EXPECT_EQ(result.report.map_width, kWidth / 4);
  EXPECT_EQ(result.report.map_height, kHeight / 4);
  const Plane<float> exact =
      Converted(Rendered(reference).view(), kRec2020Primaries, kRec709Primaries);
  const auto errors = ErrorsStops(exact.view(), Rendered(result.ultra_hdr).view());
  EXPECT_LT(P99(errors), 0.1);
}

TEST(MovedGainsTest, WithoutAWordOnThePrimariesAColouredMapIsRefused) {
  const ColouredScene scene = MakeColoured(kRec709Primaries, kRec2020Primaries);
  const Error error = MustFail(MakeRequest(JpegOf(scene, {}, {})));
  EXPECT_EQ(error.code, ErrorCode::kUnsupported);
  EXPECT_THAT(error.message, HasSubstr("does not say which"));
}

}  // namespace
}  // namespace hdrp::test
