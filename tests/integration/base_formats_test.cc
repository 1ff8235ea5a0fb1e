// Edits of every format through the whole flow: the file's light against the scene's, the base's
// colours against the edit's as lcms2 sees them, and what becomes of alpha.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "color/icc_write.h"
#include "decode/gain_map_jpeg.h"
#include "decode/jpeg_pixels.h"
#include "picture_files.h"
#include "support/color_difference.h"
#include "support/corpus.h"
#include "support/make_jpeg.h"
#include "support/profiles.h"
#include "support/scene.h"
#include "whole_flow.h"

namespace hdrp::test {
namespace {

constexpr int kWidth = 640;
constexpr int kHeight = 448;

const Scene& TestScene() {
  static const Scene scene = MakeScene(kWidth, kHeight);
  return scene;
}

struct FormatCase {
  std::string name;
  Bytes (*make)(const PictureFile&);
  int bits = 8;
  bool tiles = false;
};
void PrintTo(const FormatCase& row, std::ostream* out) { *out << row.name; }

class BaseFormatTest : public testing::TestWithParam<FormatCase> {
 protected:
  static Bytes Edit() {
    const auto& [name, make, bits, tiles] = GetParam();
    const Plane<std::uint16_t> codes = CodesOf(TestScene().sdr.view(), bits);
    return make({.codes = codes.view(), .bits = bits, .tiles = tiles});
  }
};

TEST_P(BaseFormatTest, IsTheBaseOfADerivedMap) {
  const Result result = MustProcess(
      MakeRequest(Edit(), FloatFile(TestScene().hdr.view(), FileFormat::kOpenExr), FineMap()));
  ASSERT_FALSE(result.ultra_hdr.empty());
  EXPECT_EQ(result.report.source, "derived");
  EXPECT_THAT(result.report.base_steps,
              testing::ElementsAre(testing::HasSubstr("quality 95, 4:4:4")));
  const Plane<float> rendered = Rendered(result.ultra_hdr);
  ASSERT_EQ(rendered.width(), kWidth);
  ASSERT_EQ(rendered.height(), kHeight);
  const double p99 = P99(ErrorsStops(TestScene().hdr.view(), rendered.view()));
  std::printf("%s: p99 %.3f stops\n", GetParam().name.c_str(), p99);
  EXPECT_LE(p99, 0.04);
}

TEST_P(BaseFormatTest, IsTheBaseOfAPredictedMap) {
  const Result result = MustProcess(MakeRequest(Edit()));
  ASSERT_FALSE(result.ultra_hdr.empty());
  EXPECT_EQ(result.report.mode, "predict");
  EXPECT_EQ(result.report.width, kWidth);
  EXPECT_EQ(result.report.height, kHeight);
  EXPECT_EQ(result.report.icc, "");
  const Expected<DecodedJpeg> base = DecodeJpeg(result.ultra_hdr, {});
  ASSERT_TRUE(base);
  double sum = 0;
  for (int y = 0; y < kHeight; ++y) {
    const auto found = std::as_const(base->pixels).view().RowSpan(y);
    const auto wanted = TestScene().sdr.view().RowSpan(y);
    for (std::size_t i = 0; i < found.size(); ++i) sum += std::abs(int{found[i]} - int{wanted[i]});
  }
  EXPECT_LE(sum / (3.0 * kWidth * kHeight), 1.2) << "mean of codes";
}

INSTANTIATE_TEST_SUITE_P(
    Formats, BaseFormatTest,
    testing::Values(FormatCase{"png_8", MakePng}, FormatCase{"png_16", MakePng, 16},
                    FormatCase{"tiff_8", MakeTiff}, FormatCase{"tiff_16", MakeTiff, 16},
                    FormatCase{"tiff_16_tiles", MakeTiff, 16, true}, FormatCase{"webp", MakeWebp},
                    FormatCase{"heic_8", MakeHeif}, FormatCase{"avif_8", MakeAvif},
                    FormatCase{"avif_10", MakeAvif, 10}, FormatCase{"jxl_8", MakeJxl},
                    FormatCase{"jxl_16", MakeJxl, 16}),
    [](const auto& test) { return test.param.name; });

// Colours.

struct IccCase {
  std::string name;
  std::string corpus_file;
  bool converted;
};
void PrintTo(const IccCase& row, std::ostream* out) { *out << row.name; }

class BaseIccTest : public testing::TestWithParam<IccCase> {
 protected:
  void SetUp() override {
    HDRP_NEEDS_CORPUS();
    jpeg_ = ReadCorpus("sdr/" + GetParam().corpus_file);
    icc_ = IccOf(jpeg_);
    ASSERT_FALSE(icc_.empty());
    pixels_ = std::move(DecodeJpeg(jpeg_, {}).value().pixels);
  }

  static Bytes IccOf(const Bytes& jpeg) { return JoinIcc(WalkJpeg(jpeg, 0).value()).value(); }

  /// Every pixel through lcms2 alone.
  template <typename Out, int kOutChannels>
  static std::vector<Out> Through(ByteView icc, PlaneView<const std::uint8_t> codes, cmsHPROFILE to,
                                  cmsUInt32Number type) {
    const cmsHPROFILE from =
        cmsOpenProfileFromMem(icc.data(), static_cast<cmsUInt32Number>(icc.size()));
    const cmsHTRANSFORM transform =
        cmsCreateTransform(from, TYPE_RGB_8, to, type, INTENT_RELATIVE_COLORIMETRIC,
                           cmsFLAGS_NOOPTIMIZE | cmsFLAGS_NOCACHE);
    EXPECT_NE(transform, nullptr);
    const auto row = static_cast<std::size_t>(codes.width) * kOutChannels;
    std::vector<Out> out(row * static_cast<std::size_t>(codes.height));
    for (int y = 0; y < codes.height; ++y) {
      cmsDoTransform(transform, codes.Row(y), out.data() + static_cast<std::size_t>(y) * row,
                     static_cast<cmsUInt32Number>(codes.width));
    }
    cmsDeleteTransform(transform);
    cmsCloseProfile(from);
    cmsCloseProfile(to);
    return out;
  }

  static std::vector<double> LabOf(ByteView icc, PlaneView<const std::uint8_t> codes) {
    return Through<double, 3>(icc, codes, cmsCreateLab4Profile(nullptr), TYPE_Lab_DBL);
  }

  /// Mean dE00 of a JPEG's colours from the edit's.
  double ErrorOf(const Bytes& jpeg, ByteView icc) const {
    const Plane<std::uint8_t> decoded = std::move(DecodeJpeg(jpeg, {}).value().pixels);
    EXPECT_EQ(decoded.width(), pixels_.width());
    EXPECT_EQ(decoded.height(), pixels_.height());
    const std::vector<double> wanted = LabOf(icc_, pixels_.view());
    const std::vector<double> found = LabOf(icc, decoded.view());
    double sum = 0;
    for (std::size_t i = 0; i < wanted.size(); i += 3) {
      sum += DeltaE2000({wanted[i], wanted[i + 1], wanted[i + 2]},
                        {found[i], found[i + 1], found[i + 2]});
    }
    return 3 * sum / static_cast<double>(wanted.size());
  }

  /// The error of lcms2's conversion and libjpeg's coding.
  double ErrorOfPlainCoding(bool converted) const {
    if (!converted) return ErrorOf(MakeJpeg(pixels_.view(), {.quality = 95}), icc_);
    const auto codes = Through<std::uint8_t, 3>(icc_, pixels_.view(), NewDisplayP3(), TYPE_RGB_8);
    const PlaneView<const std::uint8_t> view = {codes.data(), pixels_.width(), pixels_.height(), 3,
                                                static_cast<std::size_t>(pixels_.width()) * 3};
    return ErrorOf(MakeJpeg(view, {.quality = 95}), Saved(NewDisplayP3()));
  }

  void ExpectColours(const char* what, const Bytes& edit, const Options& options, bool converted) {
    SCOPED_TRACE(what);
    const Result result = MustProcess(MakeRequest(edit, {}, options));
    ASSERT_FALSE(result.ultra_hdr.empty());
    const Bytes embedded = IccOf(result.ultra_hdr);
    EXPECT_EQ(embedded, converted ? DisplayP3IccProfile() : icc_);
    const double plain = ErrorOfPlainCoding(converted);
    const double ours = ErrorOf(result.ultra_hdr, embedded);
    std::printf("%s, %s: dE00 %.3f against %.3f\n", GetParam().name.c_str(), what, ours, plain);
    EXPECT_LE(ours, plain + 0.1);
  }

  Bytes jpeg_, icc_;
  Plane<std::uint8_t> pixels_;
};

TEST_P(BaseIccTest, ColoursAreTheEdits) {
  const Plane<std::uint16_t> codes = CodesOf(pixels_.view(), 16);
  const PictureFile picture = {.codes = codes.view(), .bits = 16, .icc = icc_};
  ExpectColours("PNG", MakePng(picture), {}, GetParam().converted);
  ExpectColours("TIFF", MakeTiff(picture), {}, GetParam().converted);
  ExpectColours("PNG, kept", MakePng(picture), {.edit = {.keep_icc = true}}, false);
}

TEST_P(BaseIccTest, AJpegKeepsItsScansUnlessAsked) {
  const Result kept = MustProcess(MakeRequest(jpeg_));
  ASSERT_FALSE(kept.ultra_hdr.empty());
  EXPECT_EQ(IccOf(kept.ultra_hdr), icc_);
  EXPECT_THAT(kept.report.base_steps, testing::IsEmpty());
  const auto scans = [](const Bytes& file) {
    const JpegStream stream = WalkJpeg(file, 0).value();
    Bytes picture;
    for (const ByteView range : stream.picture) {
      picture.insert(picture.end(), range.begin(), range.end());
    }
    return picture;
  };
  EXPECT_TRUE(scans(kept.ultra_hdr) == scans(jpeg_));

  if (!GetParam().converted) {
    const Result asked = MustProcess(MakeRequest(jpeg_, {}, {.edit = {.convert_icc = true}}));
    ASSERT_FALSE(asked.ultra_hdr.empty());
    EXPECT_TRUE(scans(asked.ultra_hdr) == scans(jpeg_)) << "there was nothing to convert";
    return;
  }
  ExpectColours("JPEG, converted", jpeg_, {.edit = {.convert_icc = true}}, true);
}

INSTANTIATE_TEST_SUITE_P(Profiles, BaseIccTest,
                         testing::Values(IccCase{"srgb", "icc_srgb.jpg", false},
                                         IccCase{"display_p3", "icc_display_p3.jpg", false},
                                         IccCase{"adobe_rgb", "icc_adobe_rgb.jpg", true},
                                         IccCase{"prophoto", "icc_prophoto_rgb.jpg", true},
                                         IccCase{"rec2020", "icc_rec_2020.jpg", true}),
                         [](const auto& test) { return test.param.name; });

// Alpha.

TEST(BaseAlpha, TranslucentEditsNeedFlatten) {
  const Scene& scene = TestScene();
  Plane<std::uint16_t> codes(kWidth, kHeight, 4);
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      for (int c = 0; c < 3; ++c) codes.view().At(x, y, c) = scene.sdr.view().At(x, y, c);
      codes.view().At(x, y, 3) = x < 32 && y < 32 ? 128 : 255;
    }
  }
  const Bytes edit = MakePng({.codes = codes.view()});
  const Error refused = MustFail(MakeRequest(edit));
  EXPECT_EQ(refused.code, ErrorCode::kUnsupported);
  EXPECT_THAT(refused.message, testing::HasSubstr("--flatten"));

  for (const auto& [flatten, behind] : {std::pair{Flatten::kWhite, 255}, {Flatten::kBlack, 0}}) {
    const Result result = MustProcess(MakeRequest(edit, {}, {.edit = {.flatten = flatten}}));
    ASSERT_FALSE(result.ultra_hdr.empty());
    const Plane<std::uint8_t> base = std::move(DecodeJpeg(result.ultra_hdr, {}).value().pixels);
    const int composed = (scene.sdr.view().At(8, 8, 1) * 128 + behind * 127) / 255;
    EXPECT_NEAR(base.view().At(8, 8, 1), composed, 4);
    EXPECT_NEAR(base.view().At(200, 8, 1), scene.sdr.view().At(200, 8, 1), 4);
  }
  for (int y = 0; y < 32; ++y) {
    for (int x = 0; x < 32; ++x) codes.view().At(x, y, 3) = 255;
  }
  EXPECT_FALSE(MustProcess(MakeRequest(MakePng({.codes = codes.view()}))).ultra_hdr.empty());
}

}  // namespace
}  // namespace hdrp::test
