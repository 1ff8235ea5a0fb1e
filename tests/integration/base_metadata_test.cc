// What an edit that is no JPEG says about itself beyond its pixels: orientation and EXIF.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "decode/gain_map_jpeg.h"
#include "gainmap/gain.h"
#include "metadata/exif.h"
#include "picture_files.h"
#include "support/scene.h"
#include "support/tiff_maker.h"
#include "whole_flow.h"

namespace hdrp::test {
namespace {

constexpr int kWidth = 320;
constexpr int kHeight = 224;

const Scene& TestScene() {
  static const Scene scene = MakeScene(kWidth, kHeight);
  return scene;
}

struct OrientedCase {
  std::string name;
  Bytes (*make)(const PictureFile&);
  bool by_exif;          ///< else in the format's own way
  bool upright = false;  ///< the codec turns the picture, so that nothing is left to say
};
void PrintTo(const OrientedCase& row, std::ostream* out) { *out << row.name; }

class BaseOrientationTest : public testing::TestWithParam<OrientedCase> {};

TEST_P(BaseOrientationTest, ExifAndPictureAgree) {
  const Bytes exr = FloatFile(TestScene().hdr.view(), FileFormat::kOpenExr);
  for (unsigned k = 1; k <= 8; ++k) {
    SCOPED_TRACE(k);
    const Orientation orientation = *OrientationFrom(k);
    const Plane<std::uint8_t> stored = Oriented(TestScene().sdr.view(), Inverse(orientation));
    const Plane<std::uint16_t> codes = CodesOf(stored.view(), 8);
    PictureFile picture = {.codes = codes.view()};
    if (GetParam().by_exif) {
      picture.exif = ExifOf(orientation);
    } else {
      picture.orientation = orientation;
    }
    const Result result = MustProcess(MakeRequest(GetParam().make(picture), exr, FineMap()));
    ASSERT_FALSE(result.ultra_hdr.empty());
    const Orientation said = ReadGainMapJpeg(result.ultra_hdr, {}).value().exif.orientation;
    EXPECT_EQ(said, ReadGainMapJpeg(result.preview, {}).value().exif.orientation);
    EXPECT_EQ(result.report.orientation, static_cast<int>(said));
    const Plane<float> rendered = Rendered(result.ultra_hdr);
    const Plane<float> shown = Oriented(rendered.view(), said);
    EXPECT_LE(P99(ErrorsStops(TestScene().hdr.view(), shown.view())), 0.1);
    EXPECT_EQ(said, GetParam().upright ? Orientation::kTopLeft : orientation);
  }
}

INSTANTIATE_TEST_SUITE_P(Ways, BaseOrientationTest,
                         testing::Values(OrientedCase{"tiff_tag", MakeTiff, false},
                                         OrientedCase{"png_exif", MakePng, true},
                                         OrientedCase{"webp_exif", MakeWebp, true},
                                         OrientedCase{"heif_irot_imir", MakeHeif, false, true},
                                         OrientedCase{"avif_irot_imir", MakeAvif, false},
                                         OrientedCase{"jxl_header", MakeJxl, false, true}),
                         [](const auto& test) { return test.param.name; });

// EXIF.

/// The tags that a camera writes, in order, with the directories they point to already in `maker`.
std::vector<Tag> CameraTags(TiffMaker& maker) {
  const unsigned exif = maker.AddIfd({maker.Ratio(0x829D, 28, 10),  // FNumber
                                      maker.Text(0x9003, "2025:06:07 08:09:10"),
                                      maker.Text(0xA431, "SERIAL-0815"),  // BodySerialNumber
                                      maker.Text(0xA434, "Fine Lens 50mm")});
  const unsigned gps = maker.AddIfd({maker.Text(0x0001, "N"), maker.Text(0x0008, "SATELLITE-7"),
                                     maker.Text(0x001D, "2025:06:07")});
  return {maker.Text(0x010F, "Fine Cameras"), maker.Text(0x0110, "Model Ten"),
          maker.Short(0x0112, 6), maker.Pointer(kExifIfd, exif), maker.Pointer(kGpsIfd, gps)};
}

Bytes PngWithCamera(PlaneView<const std::uint8_t> pixels) {
  TiffMaker maker(ByteOrder::kBigEndian);
  const std::vector<Tag> tags = CameraTags(maker);
  const Plane<std::uint16_t> codes = CodesOf(pixels, 8);
  return MakePng({.codes = codes.view(), .exif = maker.Finish(maker.AddIfd(tags))});
}

/// One uncompressed strip, and the camera's tags beside it.
Bytes TiffWithCamera(PlaneView<const std::uint8_t> pixels) {
  TiffMaker maker(ByteOrder::kLittleEndian);
  std::string strip;
  for (int y = 0; y < pixels.height; ++y)
    std::ranges::copy(pixels.RowSpan(y), std::back_inserter(strip));
  const auto size = static_cast<std::uint32_t>(strip.size());
  // A directory of one tag puts the tag's value behind its 2 + 12 + 4 bytes.
  const unsigned strip_at = maker.AddIfd({{65000, kUndefined, size, strip}}) + 18;
  std::vector<Tag> tags = CameraTags(maker);
  std::ranges::copy(std::vector<Tag>{maker.Short(256, static_cast<unsigned>(pixels.width)),
                                     maker.Short(257, static_cast<unsigned>(pixels.height)),
                                     {258, kShort, 3, maker.U16(8) + maker.U16(8) + maker.U16(8)},
                                     maker.Short(259, 1),
                                     maker.Short(262, 2),
                                     maker.Pointer(273, strip_at),
                                     maker.Short(277, 3),
                                     maker.Short(278, static_cast<unsigned>(pixels.height)),
                                     maker.Pointer(279, size)},
                    std::back_inserter(tags));
  std::ranges::sort(tags, {}, &Tag::id);
  return maker.Finish(maker.AddIfd(tags));
}

struct ExifCase {
  std::string name;
  Bytes (*make)(PlaneView<const std::uint8_t>);
};
void PrintTo(const ExifCase& row, std::ostream* out) { *out << row.name; }

class BaseExifTest : public testing::TestWithParam<ExifCase> {
 protected:
  static Result With(ExifPolicy policy) {
    const Plane<std::uint8_t> stored =
        Oriented(TestScene().sdr.view(), Inverse(Orientation::kRightTop));
    return MustProcess(
        MakeRequest(GetParam().make(stored.view()), {}, {.output = {.exif = policy}}));
  }
  static bool Holds(const Bytes& file, std::string_view text) {
    return !std::ranges::search(file, text).empty();
  }
};

TEST_P(BaseExifTest, AllowKeepsTheCameraAndDropsPlaceAndSerialNumber) {
  const Result result = With(ExifPolicy::kAllow);
  for (const Bytes* file : {&result.ultra_hdr, &result.preview}) {
    ASSERT_FALSE(file->empty());
    const ExifFacts exif = ReadGainMapJpeg(*file, {}).value().exif;
    EXPECT_EQ(exif.make, "Fine Cameras");
    EXPECT_EQ(exif.model, "Model Ten");
    EXPECT_EQ(exif.orientation, Orientation::kRightTop);
    EXPECT_TRUE(Holds(*file, "2025:06:07 08:09:10"));
    EXPECT_TRUE(Holds(*file, "Fine Lens 50mm"));
    EXPECT_FALSE(Holds(*file, "SERIAL-0815"));
    EXPECT_FALSE(Holds(*file, "SATELLITE-7"));
  }
}

TEST_P(BaseExifTest, StripKeepsTheOrientationAlone) {
  const Result result = With(ExifPolicy::kStrip);
  for (const Bytes* file : {&result.ultra_hdr, &result.preview}) {
    ASSERT_FALSE(file->empty());
    const GainMapJpeg parsed = ReadGainMapJpeg(*file, {}).value();
    EXPECT_EQ(parsed.exif.orientation, Orientation::kRightTop);
    const auto segments = parsed.primary.Find(0xE1, kExifNamespace);
    ASSERT_EQ(segments.size(), 1U);
    EXPECT_THAT(segments.front()->payload.subspan(kExifNamespace.size()),
                testing::ElementsAreArray(OrientationOnlyExif(Orientation::kRightTop)));
    EXPECT_FALSE(Holds(*file, "Fine"));
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, BaseExifTest,
                         testing::Values(ExifCase{"png", PngWithCamera},
                                         ExifCase{"tiff", TiffWithCamera}),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace hdrp::test
