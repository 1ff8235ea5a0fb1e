// HDR renditions as references of edits in another framing: every way they are stored, what is
// outside them, what is not theirs. (How true the gain is: align_fidelity_test.cc.)
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <vector>

#include "color/transfer.h"
#include "gainmap/gain.h"
#include "picture_files.h"
#include "support/reframed.h"
#include "support/scene.h"
#include "whole_flow.h"

namespace hdrp::test {
namespace {

using testing::Contains;
using testing::HasSubstr;

constexpr int kWidth = 1200;
constexpr int kHeight = 900;

const Scene& TestScene() {
  static const Scene scene = MakeScene(kWidth, kHeight);
  return scene;
}

/// 16-bit PQ codes of the light.
[[nodiscard]] Plane<std::uint16_t> PqCodes(PlaneView<const float> light) {
  Plane<float> coded(light.width, light.height, 3);
  for (int y = 0; y < light.height; ++y) {
    std::ranges::transform(light.RowSpan(y), coded.Row(y), [](float v) {
      return static_cast<float>(PqFromLinear(static_cast<double>(v)));
    });
  }
  return CodesOf(coded.view(), 10);
}

[[nodiscard]] Plane<std::uint16_t> Oriented16(PlaneView<const std::uint16_t> codes,
                                              Orientation orientation) {
  Plane<float> values(codes.width, codes.height, 3);
  for (int y = 0; y < codes.height; ++y) std::ranges::copy(codes.RowSpan(y), values.Row(y));
  const Plane<float> turned = Oriented(values.view(), orientation);
  Plane<std::uint16_t> result(turned.width(), turned.height(), 3);
  for (int y = 0; y < turned.height(); ++y) {
    std::ranges::transform(turned.view().RowSpan(y), result.Row(y),
                           [](float v) { return static_cast<std::uint16_t>(v); });
  }
  return result;
}

TEST(DeriveAlign, ATurnedAvifForATurnedEdit) {
  const Homography crop = CroppedTo(0.1, 0.2, 0.8, 0.95);
  constexpr int kEditWidth = 840, kEditHeight = 675;
  const Plane<std::uint8_t> edit = Reframed(TestScene().sdr.view(), crop, kEditWidth, kEditHeight);
  const Plane<float> light = Reframed(TestScene().hdr.view(), crop, kEditWidth, kEditHeight);
  for (const auto& [of_reference, of_edit] :
       {std::pair{Orientation::kRightTop, Orientation::kTopLeft},
        {Orientation::kTopLeft, Orientation::kLeftBottom},
        {Orientation::kBottomRight, Orientation::kRightTop},
        {Orientation::kLeftTop, Orientation::kTopRight}}) {
    SCOPED_TRACE(testing::Message()
                 << static_cast<int>(of_reference) << " " << static_cast<int>(of_edit));
    const Plane<std::uint16_t> codes =
        Oriented16(PqCodes(TestScene().hdr.view()).view(), Inverse(of_reference));
    const Bytes avif = MakeAvif({.codes = codes.view(),
                                 .bits = 10,
                                 .primaries = 1,
                                 .transfer = 16,
                                 .orientation = of_reference});
    const Result result =
        MustProcess(MakeRequest(SdrJpeg(edit.view(), {.orientation = of_edit}), avif, FineMap()));
    ASSERT_FALSE(result.ultra_hdr.empty());
    ASSERT_TRUE(result.report.alignment);
    const Plane<float> shown = Oriented(Rendered(result.ultra_hdr).view(), of_edit);
    const std::vector<double> errors = ErrorsStops(light.view(), shown.view());
    EXPECT_LE(errors[errors.size() * 9 / 10], 0.1);
    EXPECT_NEAR(LuminancePercentile(shown.view(), 0.999) / LuminancePercentile(light.view(), 0.999),
                1, 0.03);
  }
}

TEST(DeriveAlign, TheSameFramingNeitherLooksNorDiffers) {
  const Bytes exr = FloatFile(TestScene().hdr.view(), FileFormat::kOpenExr);
  for (const Bytes& edit :
       {SdrJpeg(TestScene().sdr.view(), {}), SdrJpeg(Edited(TestScene().sdr.view()).view(), {})}) {
    const Result aligned = MustProcess(MakeRequest(edit, exr));
    const Result not_aligned =
        MustProcess(MakeRequest(edit, exr, {.framing = {.align = AlignMode::kNone}}));
    ASSERT_FALSE(aligned.ultra_hdr.empty());
    EXPECT_EQ(aligned.ultra_hdr, not_aligned.ultra_hdr);
    EXPECT_FALSE(aligned.report.alignment);
    EXPECT_FALSE(aligned.report.edited);
  }
}

TEST(DeriveAlign, AnotherPhotographIsRefused) {
  const Bytes edit = SdrJpeg(
      Reframed(MakeScene(kWidth, kHeight, 7).sdr.view(), CroppedTo(0.1, 0.1, 0.9, 0.8), 800, 600)
          .view(),
      {});
  const Bytes exr = FloatFile(TestScene().hdr.view(), FileFormat::kOpenExr);
  EXPECT_EQ(MustFail(MakeRequest(edit, exr)).code, ErrorCode::kMismatch);
  EXPECT_EQ(MustFail(MakeRequest(edit, exr, {.framing = {.align = AlignMode::kRequire}})).code,
            ErrorCode::kMismatch);
}

TEST(DeriveAlign, NoneRefusesWhatAutoFinds) {
  const Bytes edit = SdrJpeg(
      Reframed(TestScene().sdr.view(), CroppedAndTurned(0.7, 4, 4.0 / 3), 800, 600).view(), {});
  const Bytes exr = FloatFile(TestScene().hdr.view(), FileFormat::kOpenExr);
  EXPECT_EQ(MustFail(MakeRequest(edit, exr, {.framing = {.align = AlignMode::kNone}})).code,
            ErrorCode::kMismatch);
  EXPECT_FALSE(MustProcess(MakeRequest(edit, exr, {.framing = {.align = AlignMode::kRequire}}))
                   .ultra_hdr.empty());
}

TEST(DeriveAlign, RequireFindsTheSameFraming) {
  const Bytes edit = SdrJpeg(TestScene().sdr.view(), {});
  const Result result =
      MustProcess(MakeRequest(edit, FloatFile(TestScene().hdr.view(), FileFormat::kOpenExr),
                              {.framing = {.align = AlignMode::kRequire}}));
  ASSERT_TRUE(result.report.alignment);
  for (const Point corner : {Point{0, 0}, Point{1, 1}}) {
    const Point found = Apply(result.report.alignment->to_reference, corner);
    EXPECT_NEAR(found.x, corner.x, 0.002);
    EXPECT_NEAR(found.y, corner.y, 0.002);
  }
}

/// A rendition of unknown scale is moved to the edit's mid-tones, whichever part of it the edit
/// shows.
TEST(DeriveAlign, AnchorsByWhatTheEditShows) {
  const Homography crop = CroppedTo(0.05, 0.1, 0.7, 0.9);
  const Plane<std::uint8_t> edit = Reframed(TestScene().sdr.view(), crop, 780, 720);
  const Plane<float> light = Reframed(TestScene().hdr.view(), crop, 780, 720);
  const Plane<float> scaled = Scaled(TestScene().hdr.view(), 256);  // in cd/m2, about
  const Result result = MustProcess(MakeRequest(
      SdrJpeg(edit.view(), {}), FloatFile(scaled.view(), FileFormat::kTiff), FineMap()));
  ASSERT_FALSE(result.ultra_hdr.empty());
  ASSERT_TRUE(result.report.derived->anchor_stops);
  EXPECT_NEAR(*result.report.derived->anchor_stops, -8, 0.1);
  EXPECT_NEAR(LuminancePercentile(Rendered(result.ultra_hdr).view(), 0.999) /
                  LuminancePercentile(light.view(), 0.999),
              1, 0.1);
}

/// A canvas that was extended: nothing is derived where the original has nothing.
TEST(DeriveAlign, NoGainOutsideTheOriginal) {
  const Homography wider = CroppedTo(-0.2, 0, 1.2, 1);
  constexpr int kEditWidth = 1680, kEditHeight = 900;
  Plane<std::uint8_t> edit = Reframed(TestScene().sdr.view(), wider, kEditWidth, kEditHeight);
  for (int y = 0; y < kEditHeight; ++y) {
    std::ranges::fill(edit.view().RowSpan(y).first(240 * 3), std::uint8_t{128});
    std::ranges::fill(edit.view().RowSpan(y).last(240 * 3), std::uint8_t{128});
  }
  const Result result = MustProcess(
      MakeRequest(SdrJpeg(edit.view(), {}), FloatFile(TestScene().hdr.view(), FileFormat::kOpenExr),
                  {.fill = Fill::kNeutral}));
  ASSERT_FALSE(result.ultra_hdr.empty());
  ASSERT_TRUE(result.report.edited);
  EXPECT_NEAR(result.report.edited->share, 2.0 / 7, 0.05);
  const Plane<float> rendered = Rendered(result.ultra_hdr);
  const double grey = LinearFromSrgb(128.0 / 255);
  for (int y = 50; y < kEditHeight; y += 100) {
    EXPECT_NEAR(rendered.view().At(100, y, 1), grey, 0.02);
    EXPECT_NEAR(rendered.view().At(kEditWidth - 100, y, 1), grey, 0.02);
  }
}

/// What was painted over must neither shine through nor widen the map's range.
TEST(DeriveAlign, NoGainWhereTheEditWasChanged) {
  Plane<std::uint8_t> edit = TestScene().sdr.Clone();
  for (int y = 40; y < 420; ++y) {  // the sun
    std::ranges::fill(edit.view().RowSpan(y).subspan(660 * 3, 400 * 3), std::uint8_t{12});
    for (int x = 660 + (y % 40) / 2; x < 1060; x += 40) {
      std::ranges::fill(edit.view().RowSpan(y).subspan(static_cast<std::size_t>(x) * 3, 12),
                        std::uint8_t{60});
    }
  }
  const Bytes exr = FloatFile(TestScene().hdr.view(), FileFormat::kOpenExr);
  const Bytes jpeg = SdrJpeg(edit.view(), {});
  const Result blind = MustProcess(
      MakeRequest(jpeg, exr, {.framing = {.align = AlignMode::kNone, .force_reference = true}}));
  const Result seen = MustProcess(
      MakeRequest(jpeg, exr, {.fill = Fill::kNeutral, .explain = Explained::kEverything}));
  ASSERT_FALSE(seen.ultra_hdr.empty());
  std::vector<std::string_view> pictures;
  for (const ExplainingPicture& picture : seen.pictures) pictures.push_back(picture.name);
  EXPECT_THAT(pictures, testing::ElementsAreArray(kExplainingPictures));
  ASSERT_TRUE(seen.report.edited);
  EXPECT_LT(seen.report.metadata.gain_map_max[0] + 1, blind.report.metadata.gain_map_max[0]);
  EXPECT_LT(LuminanceOf(Rendered(seen.ultra_hdr).view()).view().At(860, 230), 0.1F);
  EXPECT_GT(LuminanceOf(Rendered(blind.ultra_hdr).view()).view().At(860, 230), 1.0F);
}

TEST(DeriveAlign, PixelsThatAreNotFinite) {
  Plane<float> hdr = TestScene().hdr.Clone();
  for (int y = 500; y < 520; ++y) {
    for (int x = 500; x < 520; ++x) {
      hdr.view().At(x, y, 0) = std::numeric_limits<float>::quiet_NaN();
      hdr.view().At(x + 100, y, 1) = std::numeric_limits<float>::infinity();
    }
  }
  const Bytes edit = SdrJpeg(
      Reframed(TestScene().sdr.view(), CroppedAndTurned(0.9, 2, 4.0 / 3), 1080, 810).view(), {});
  const Result result = MustProcess(MakeRequest(edit, FloatFile(hdr.view(), FileFormat::kTiff)));
  ASSERT_FALSE(result.ultra_hdr.empty());
  EXPECT_EQ(result.report.derived->non_finite_pixels, 800U);
  EXPECT_THAT(result.report.warnings, Contains(HasSubstr("not finite")));
}

}  // namespace
}  // namespace hdrp::test
