// Pictures whose colour stands in a profile or in EXIF alone: PQ, HLG, Adobe RGB.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "color/hdr_profile.h"
#include "color/icc_write.h"
#include "color/matrix.h"
#include "color/transfer.h"
#include "decode/jpeg_pixels.h"
#include "edit/edit_jpeg.h"
#include "metadata/icc_chunks.h"
#include "package/jpeg_base.h"
#include "package/jpeg_encode.h"
#include "picture_files.h"
#include "support/corpus.h"
#include "support/float_rows.h"
#include "support/profiles.h"
#include "support/scene.h"
#include "support/tiff_maker.h"
#include "whole_flow.h"

namespace hdrp::test {
namespace {

using testing::Contains;
using testing::HasSubstr;

constexpr int kWidth = 256;
constexpr int kHeight = 176;

/// A matrix profile whose curve is PQ's as a table, without a tag that says so.
Bytes PqProfile() {
  std::vector<cmsUInt16Number> table(4096);
  for (std::size_t i = 0; i < table.size(); ++i) {
    const double light = LinearFromPq(static_cast<double>(i) / 4095) * kSdrWhiteNits / 10'000;
    table[i] = static_cast<cmsUInt16Number>(std::lround(65'535 * light));
  }
  cmsToneCurve* curve = cmsBuildTabulatedToneCurve16(nullptr, 4096, table.data());
  Bytes bytes = Saved(NewRgbProfile(kRec2020Primaries, curve));
  cmsFreeToneCurve(curve);
  return bytes;
}

Plane<float> PqCodes(PlaneView<const float> rec709) {
  Plane<float> codes = Converted(rec709, kRec709Primaries, kRec2020Primaries);
  for (int y = 0; y < codes.height(); ++y) {
    for (float& v : codes.view().RowSpan(y)) {
      v = static_cast<float>(PqFromLinear(static_cast<double>(v)));
    }
  }
  return codes;
}

Bytes JpegOf(const PictureFile& picture) {
  Plane<std::uint8_t> codes(picture.codes.width, picture.codes.height, 3);
  for (int y = 0; y < codes.height(); ++y) {
    std::ranges::transform(picture.codes.RowSpan(y), codes.Row(y),
                           [](int code) { return static_cast<std::uint8_t>(code); });
  }
  const Bytes plain = EncodeJpeg(std::as_const(codes).view(), {.quality = 100}).value();
  return WithMetadata(plain, {.icc = picture.icc, .exif_tiff = picture.exif})->bytes;
}

struct FormatCase {
  std::string name;
  Bytes (*make)(const PictureFile&);
  int bits;
  double most_p99_stops;
};
void PrintTo(const FormatCase& row, std::ostream* out) { *out << row.name; }

class PqByProfileTest : public testing::TestWithParam<FormatCase> {
 protected:
  PqByProfileTest() {
    const Plane<float> pq = PqCodes(scene_.hdr.view());
    codes_ = CodesOf(pq.view(), GetParam().bits);
    file_ = GetParam().make({.codes = codes_.view(), .bits = GetParam().bits, .icc = PqProfile()});
  }
  Scene scene_ = MakeScene(kWidth, kHeight);
  Plane<std::uint16_t> codes_;
  Bytes file_;
};

TEST_P(PqByProfileTest, IsNoEdit) {
  for (const Bytes& reference : {Bytes{}, OriginalJpeg(scene_, {})}) {
    const Error error = MustFail(MakeRequest(file_, reference));
    EXPECT_EQ(error.code, ErrorCode::kUnsupported);
    EXPECT_THAT(error.message, HasSubstr("(PQ)"));
  }
}

TEST_P(PqByProfileTest, IsAReference) {
  const Plane<std::uint16_t> edit = CodesOf(scene_.sdr.view(), 8);
  const Result result =
      MustProcess(MakeRequest(MakePng({.codes = edit.view()}), file_, FineMap(3)));
  EXPECT_EQ(result.report.source, "derived");
  EXPECT_FALSE(result.report.derived->anchor_stops);
  const auto errors = ErrorsStops(scene_.hdr.view(), Rendered(result.ultra_hdr).view());
  EXPECT_LT(P99(errors), GetParam().most_p99_stops);
}

INSTANTIATE_TEST_SUITE_P(
    Formats, PqByProfileTest,
    testing::Values(FormatCase{"png", MakePng, 16, 0.06}, FormatCase{"tiff", MakeTiff, 16, 0.06},
                    FormatCase{"jpeg", JpegOf, 8, 0.25}, FormatCase{"webp", MakeWebp, 8, 0.2},
                    FormatCase{"heif", MakeHeif, 10, 0.15}, FormatCase{"avif", MakeAvif, 10, 0.1}),
    [](const auto& row) { return row.param.name; });

TEST(ColourCasesTest, EditsThatArePqByTheirProfileAlone) {
  HDRP_NEEDS_CORPUS();
  const Bytes original = ReadCorpus("cases/pq_by_icc_edit/original.jpg");
  for (const char* name : {"edit.jpg", "edit_cicptag.png"}) {
    const Bytes edit = ReadCorpus(std::string("cases/pq_by_icc_edit/") + name);
    EXPECT_EQ(MustFail(MakeRequest(edit, original)).code, ErrorCode::kUnsupported) << name;
    EXPECT_EQ(MustFail(MakeRequest(edit)).code, ErrorCode::kUnsupported) << name;
  }
}

TEST(ColourCasesTest, AReferenceThatIsPqByItsProfileAlone) {
  HDRP_NEEDS_CORPUS();
  const Bytes edit = ReadCorpus("cases/pq_by_icc_reference/edit.jpg");
  const Bytes reference = ReadCorpus("cases/pq_by_icc_reference/ref.png");
  const Result result = MustProcess(MakeRequest(edit, reference, FineMap()));
  EXPECT_EQ(result.report.source, "derived");
  // The light by the formula, from the codes alone.
  auto picture = OpenPicture(reference, {});
  ASSERT_TRUE(picture);
  Plane<float> light = ReadAllRows(*picture).value();
  for (int y = 0; y < light.height(); ++y) {
    for (float& v : light.view().RowSpan(y)) {
      v = static_cast<float>(LinearFromPq(static_cast<double>(v)));
    }
  }
  const auto errors =
      ErrorsStops(Converted(light.view(), kRec2020Primaries, kRec709Primaries).view(),
                  Rendered(result.ultra_hdr).view());
  EXPECT_LT(P99(errors), 0.15);
}

TEST(ColourCasesTest, ASecondEqualProfileIsPassedOver) {
  HDRP_NEEDS_CORPUS();
  const Bytes edit = ReadCorpus("cases/icc_marker_twice/edit.jpg");
  const Result result =
      MustProcess(MakeRequest(edit, ReadCorpus("cases/icc_marker_twice/original.jpg")));
  EXPECT_EQ(result.report.icc, "Display P3");
  for (const Bytes& file : {result.ultra_hdr, result.preview}) {
    const JpegStream stream = WalkJpeg(file, 0).value();
    EXPECT_EQ(IccChunks(stream).value().size(), 1U);
    EXPECT_EQ(stream.Find(0xE2, std::string_view("ICC_PROFILE\0", 12)).size(), 1U);
    EXPECT_EQ(PrimariesOfProfile(JoinIcc(stream).value()), kDisplayP3Primaries);
  }
  EXPECT_THAT(result.report.warnings, Contains(HasSubstr("second, equal copy")));
}

/// EXIF of a camera's DCF option file, or with other words in its place.
Bytes ColourExif(unsigned color_space, const std::string& interoperability) {
  TiffMaker maker(ByteOrder::kLittleEndian);
  std::vector<Tag> tags = {maker.Short(0xA001, color_space)};
  if (!interoperability.empty()) {
    const unsigned ifd = maker.AddIfd({maker.Text(0x0001, interoperability)});
    tags.push_back(maker.Pointer(0xA005, ifd));
  }
  const unsigned exif = maker.AddIfd(tags);
  return maker.Finish(maker.AddIfd({maker.Short(0x0112, 1), maker.Pointer(kExifIfd, exif)}));
}

class DcfTest : public testing::Test {
 protected:
  DcfTest() {
    for (int y = 0; y < kHeight; ++y) {
      std::ranges::transform(scene_.sdr.view().RowSpan(y), linear_.Row(y), [](int code) {
        return static_cast<float>(LinearFromSrgb(code / 255.0));
      });
    }
    adobe_ = Converted(linear_.view(), kRec709Primaries, kAdobeRgbPrimaries);
    for (int y = 0; y < kHeight; ++y) {
      for (float& v : adobe_.view().RowSpan(y)) v = std::pow(std::max(v, 0.0F), 256.0F / 563);
    }
  }
  [[nodiscard]] PictureFile File(const Bytes& exif) {
    codes_ = CodesOf(std::as_const(adobe_).view(), 8);
    return {.codes = codes_.view(), .exif = exif};
  }
  /// P99 of luminance, in stops, of a delivered base against the scene.
  [[nodiscard]] double BaseError(const Bytes& delivered) const {
    const GainMapJpeg file = ReadGainMapJpeg(delivered, {}).value();
    const InputFile input{"out", delivered};
    const BaseColor color = BaseColorOf(file).value();
    const auto pixels =
        DecodeJpeg(file.primary.In(delivered), {.output = JpegOutput::kRgb}).value();
    Plane<float> light(kWidth, kHeight, 3);
    for (int y = 0; y < kHeight; ++y) {
      LinearFromCodes(pixels.pixels.view().RowSpan(y), color, light.view().RowSpan(y));
    }
    return P99(ErrorsStops(linear_.view(),
                           Converted(light.view(), color.primaries, kRec709Primaries).view()));
  }
  Scene scene_ = MakeScene(kWidth, kHeight);
  Plane<float> linear_{kWidth, kHeight, 3}, adobe_;
  Plane<std::uint16_t> codes_;
};

TEST_F(DcfTest, AJpegKeepsItsScansAndGetsTheProfile) {
  const Bytes exif = ColourExif(0xFFFF, "R03");
  const Bytes edit = JpegOf(File(exif));
  for (const Bytes& reference : {Bytes{}, OriginalJpeg(scene_, {})}) {
    const Result result = MustProcess(MakeRequest(edit, reference));
    EXPECT_THAT(result.report.warnings, Contains(HasSubstr("Adobe RGB")));
    const JpegStream stream = WalkJpeg(result.ultra_hdr, 0).value();
    EXPECT_NEAR(PrimariesOfProfile(JoinIcc(stream).value())->green[1], 0.71, 1e-3);
    EXPECT_LT(BaseError(result.ultra_hdr), 0.08);
    EXPECT_LT(BaseError(result.preview), 0.08);
    const JpegStream before = WalkJpeg(edit, 0).value();
    ASSERT_EQ(stream.picture.size(), before.picture.size());
    EXPECT_TRUE(std::ranges::equal(stream.picture.back(), before.picture.back()));
  }
}

TEST_F(DcfTest, OtherFormatsAreConverted) {
  for (auto* make : {MakePng, MakeWebp}) {
    const Result result = MustProcess(MakeRequest(make(File(ColourExif(0xFFFF, "R03")))));
    EXPECT_EQ(result.report.icc, "Display P3");
    EXPECT_THAT(result.report.warnings, Contains(HasSubstr("Adobe RGB")));
    EXPECT_LT(BaseError(result.ultra_hdr), 0.12);
  }
}

TEST_F(DcfTest, UncalibratedAloneIsSaid) {
  for (auto* make : {JpegOf, MakePng}) {
    const Result result = MustProcess(MakeRequest(make(File(ColourExif(0xFFFF, "")))));
    EXPECT_THAT(result.report.warnings, Contains(HasSubstr("not sRGB")));
  }
}

TEST_F(DcfTest, OrdinaryFilesAreNotTouched) {
  for (const Bytes& exif : {ColourExif(1, "R98"), ColourExif(1, "R03")}) {
    const Result result = MustProcess(MakeRequest(JpegOf(File(exif))));
    EXPECT_TRUE(result.report.warnings.empty()) << result.report.warnings.front();
    EXPECT_TRUE(result.report.icc.empty());
  }
  PictureFile with_profile = File(ColourExif(0xFFFF, "R03"));
  with_profile.icc = DisplayP3IccProfile();
  EXPECT_EQ(MustProcess(MakeRequest(JpegOf(with_profile))).report.icc, "Display P3");
}

// Converted or not, a JPEG is shown as its EXIF says.
TEST_F(DcfTest, AJpegThatIsConvertedKeepsItsOrientation) {
  PictureFile file = File(ExifOf(Orientation::kRightTop));
  file.icc = AdobeRgbIccProfile();
  Options options;
  options.edit.convert_icc = true;
  const Result result = MustProcess(MakeRequest(JpegOf(file), {}, options));
  EXPECT_EQ(result.report.icc, "Display P3");
  EXPECT_EQ(result.report.orientation, 6);
}

// As ImageMagick writes float TIFF: coded values, and nothing that says so.
TEST(FloatTiffTest, WithoutAProfileAndWithoutHighlightsItIsSaid) {
  const Scene scene = MakeScene(kWidth, kHeight);
  Plane<float> coded(kWidth, kHeight, 3);
  for (int y = 0; y < kHeight; ++y) {
    std::ranges::transform(scene.sdr.view().RowSpan(y), coded.Row(y),
                           [](int code) { return static_cast<float>(code) / 255; });
  }
  const Bytes edit = SdrJpeg(scene.sdr.view(), {});
  const Result result = MustProcess(MakeRequest(edit, FloatFile(coded.view(), FileFormat::kTiff)));
  EXPECT_THAT(result.report.warnings, Contains(HasSubstr("linear light")));
  const Result light =
      MustProcess(MakeRequest(edit, FloatFile(scene.hdr.view(), FileFormat::kTiff)));
  EXPECT_THAT(light.report.warnings, testing::Not(Contains(HasSubstr("linear light"))));
}

}  // namespace
}  // namespace hdrp::test
