#include <gtest/gtest.h>
#include <jxl/encode.h>

#include "decode/picture.h"
#include "support/corpus.h"
#include "support/read_rows.h"

namespace hdrp {
namespace {

using test::ReadAllRows;

constexpr int kWidth = 80;
constexpr int kHeight = 48;

struct JxlSpec {
  unsigned bits = 8;  ///< 32: floats
  JxlPrimaries primaries = JXL_PRIMARIES_SRGB;
  JxlTransferFunction transfer = JXL_TRANSFER_FUNCTION_SRGB;
  bool lossless = true;
  int alpha = -1;  ///< a code for the whole picture; < 0: no alpha
  JxlOrientation orientation = JXL_ORIENT_IDENTITY;
  bool animated = false;
  float intensity_target = 0;  ///< 0: libjxl's default
};

Bytes MakeJxl(const JxlSpec& spec) {
  const bool is_float = spec.bits == 32;
  const int largest = is_float ? 255 : (1 << spec.bits) - 1;
  const Plane<float> picture = test::SmoothPicture(kWidth, kHeight, largest);
  const std::uint32_t channels = spec.alpha < 0 ? 3 : 4;
  std::vector<float> samples;
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      for (int c = 0; c < 3; ++c) samples.push_back(picture.view().At(x, y, c));
      if (spec.alpha >= 0) {
        samples.push_back(static_cast<float>(spec.alpha) / static_cast<float>(largest));
      }
    }
  }
  JxlEncoder* encoder = JxlEncoderCreate(nullptr);
  JxlBasicInfo info{};
  JxlEncoderInitBasicInfo(&info);
  info.xsize = kWidth;
  info.ysize = kHeight;
  info.bits_per_sample = spec.bits;
  info.exponent_bits_per_sample = is_float ? 8 : 0;
  info.uses_original_profile = spec.lossless ? JXL_TRUE : JXL_FALSE;
  info.orientation = spec.orientation;
  info.intensity_target = spec.intensity_target;
  if (spec.alpha >= 0) {
    info.num_extra_channels = 1;
    info.alpha_bits = spec.bits;
    info.alpha_exponent_bits = info.exponent_bits_per_sample;
  }
  if (spec.animated) {
    info.have_animation = JXL_TRUE;
    info.animation.tps_numerator = 1;
    info.animation.tps_denominator = 1;
  }
  EXPECT_EQ(JxlEncoderSetBasicInfo(encoder, &info), JXL_ENC_SUCCESS);
  JxlColorEncoding color{};
  JxlColorEncodingSetToSRGB(&color, JXL_FALSE);
  color.primaries = spec.primaries;
  color.transfer_function = spec.transfer;
  EXPECT_EQ(JxlEncoderSetColorEncoding(encoder, &color), JXL_ENC_SUCCESS);
  JxlEncoderFrameSettings* settings = JxlEncoderFrameSettingsCreate(encoder, nullptr);
  JxlEncoderSetFrameLossless(settings, spec.lossless ? JXL_TRUE : JXL_FALSE);
  if (!spec.lossless) JxlEncoderSetFrameDistance(settings, 0.3F);
  const JxlPixelFormat format{channels, JXL_TYPE_FLOAT, JXL_NATIVE_ENDIAN, 0};
  EXPECT_EQ(
      JxlEncoderAddImageFrame(settings, &format, samples.data(), samples.size() * sizeof(float)),
      JXL_ENC_SUCCESS);
  JxlEncoderCloseInput(encoder);
  Bytes file(1U << 20);
  std::uint8_t* next = file.data();
  std::size_t left = file.size();
  EXPECT_EQ(JxlEncoderProcessOutput(encoder, &next, &left), JXL_ENC_SUCCESS);
  file.resize(file.size() - left);
  JxlEncoderDestroy(encoder);
  return file;
}

struct JxlCase {
  std::string name;
  JxlSpec spec;
  Transfer transfer;
  Chromaticities primaries;
  double tolerance = 0.01;  ///< mean, in codes of 8 bits
};
void PrintTo(const JxlCase& row, std::ostream* out) { *out << row.name; }
class JxlColorTest : public testing::TestWithParam<JxlCase> {};

TEST_P(JxlColorTest, ComesBack) {
  const JxlSpec& spec = GetParam().spec;
  const Bytes file = MakeJxl(spec);
  ASSERT_EQ(Sniff(file), FileFormat::kJxl);
  const auto picture = ReadAllRows(OpenJxl, file);
  ASSERT_TRUE(picture) << picture.error().message;
  EXPECT_EQ(picture->info.bits, static_cast<int>(spec.bits));
  EXPECT_EQ(picture->info.is_float, spec.bits == 32);
  EXPECT_EQ(picture->info.color.transfer, GetParam().transfer);
  EXPECT_EQ(picture->info.color.primaries, GetParam().primaries);
  EXPECT_TRUE(picture->info.color.icc.empty());
  EXPECT_TRUE(picture->info.color.stated);
  const Plane<float> expected =
      test::SmoothPicture(kWidth, kHeight, spec.bits == 32 ? 255 : (1 << spec.bits) - 1);
  EXPECT_LE(test::MeanCodeError(picture->pixels.view(), expected.view(), 255),
            GetParam().tolerance);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, JxlColorTest,
    testing::Values(
        JxlCase{"srgb_8", {}, Transfer::kSrgb, kRec709Primaries},
        JxlCase{"p3_16",
                {.bits = 16, .primaries = JXL_PRIMARIES_P3},
                Transfer::kSrgb,
                kDisplayP3Primaries},
        JxlCase{"pq_10",
                {.bits = 10, .primaries = JXL_PRIMARIES_2100, .transfer = JXL_TRANSFER_FUNCTION_PQ},
                Transfer::kPq,
                kRec2020Primaries},
        JxlCase{
            "hlg_10",
            {.bits = 10, .primaries = JXL_PRIMARIES_2100, .transfer = JXL_TRANSFER_FUNCTION_HLG},
            Transfer::kHlg,
            kRec2020Primaries},
        JxlCase{"linear_float",
                {.bits = 32, .transfer = JXL_TRANSFER_FUNCTION_LINEAR},
                Transfer::kLinear,
                kRec709Primaries},
        JxlCase{"lossy_srgb_8", {.lossless = false}, Transfer::kSrgb, kRec709Primaries, 1},
        JxlCase{"lossy_pq_10",
                {.bits = 10,
                 .primaries = JXL_PRIMARIES_2100,
                 .transfer = JXL_TRANSFER_FUNCTION_PQ,
                 .lossless = false},
                Transfer::kPq,
                kRec2020Primaries,
                1}),
    [](const auto& row) { return row.param.name; });

TEST(JxlPictureTest, LinearWhiteIsTheIntensityTarget) {
  const JxlSpec linear{.bits = 32, .transfer = JXL_TRANSFER_FUNCTION_LINEAR};
  const auto unsaid = OpenJxl(MakeJxl(linear), {});
  ASSERT_TRUE(unsaid);
  EXPECT_FALSE(unsaid->info.color.white_nits);
  JxlSpec said = linear;
  said.intensity_target = 1000;
  const auto opened = OpenJxl(MakeJxl(said), {});
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->info.color.white_nits, 1000);
}

TEST(JxlPictureTest, BandsAndLimits) {
  const Bytes file = MakeJxl({});
  test::ExpectSameInAnyBands(OpenJxl, file);
  test::ExpectLimitsHold(OpenJxl, file, kWidth * kHeight);
}

TEST(JxlPictureTest, AlphaFollowsTheRule) {
  const auto opaque = ReadAllRows(OpenJxl, MakeJxl({.alpha = 255}));
  EXPECT_TRUE(opaque) << opaque.error().message;
  const Bytes file = MakeJxl({.alpha = 51});
  test::ExpectAlphaRefused(OpenJxl, file);
  const Plane<float> colors = test::SmoothPicture(kWidth, kHeight, 255);
  for (const Flatten flatten : {Flatten::kBlack, Flatten::kWhite}) {
    const auto picture = ReadAllRows(OpenJxl, file, {.flatten = flatten});
    ASSERT_TRUE(picture) << picture.error().message;
    const float ground = flatten == Flatten::kWhite ? 0.8F : 0;
    EXPECT_NEAR(picture->pixels.view().At(40, 20, 0), colors.view().At(40, 20, 0) / 5 + ground,
                1e-5);
  }
}

TEST(JxlPictureTest, RowsComeAsDisplayed) {
  const auto picture = ReadAllRows(OpenJxl, MakeJxl({.orientation = JXL_ORIENT_ROTATE_90_CW}));
  ASSERT_TRUE(picture) << picture.error().message;
  EXPECT_EQ(picture->info.orientation, Orientation::kTopLeft);
  ASSERT_EQ(picture->info.width, kHeight);
  ASSERT_EQ(picture->info.height, kWidth);
  const Plane<float> stored = test::SmoothPicture(kWidth, kHeight, 255);
  EXPECT_NEAR(picture->pixels.view().At(0, 0, 1), stored.view().At(0, kHeight - 1, 1), 1e-5);
}

TEST(JxlPictureTest, AnimationsAreUnsupported) {
  const auto opened = OpenJxl(MakeJxl({.animated = true}), {});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kUnsupported) << opened.error().message;
}

TEST(JxlPictureTest, CutOffFilesAreErrors) {
  for (const bool lossless : {true, false}) {
    const Bytes file = MakeJxl({.lossless = lossless});
    test::ExpectPrefixesFail(OpenJxl, file, file.size() - 1, 3);
  }
}

TEST(JxlPictureTest, HostileFilesEnd) {
  HDRP_NEEDS_CORPUS();
  test::ExpectHostileFilesEnd(OpenJxl, FileFormat::kJxl);
}

}  // namespace
}  // namespace hdrp
