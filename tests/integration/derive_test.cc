// HDR renditions as references, on a procedural picture whose light is known.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "decode/gain_map_jpeg.h"
#include "gainmap/gain.h"
#include "package/png_write.h"
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

TEST(Derive, FidelityAndBytesOnKnownLight) {
  for (const unsigned seed : {1U, 2U, 3U}) {
    SCOPED_TRACE(seed);
    // Of a photograph's size: in a small raster the scene's lamps are all edge.
    const Scene scene = MakeScene(1600, 1200, seed);
    const Bytes edit = SdrJpeg(scene.sdr.view(), {});
    const Result result =
        MustProcess(MakeRequest(edit, FloatFile(scene.hdr.view(), FileFormat::kOpenExr)));
    ASSERT_FALSE(result.ultra_hdr.empty());
    const GainMapJpeg out = ReadGainMapJpeg(result.ultra_hdr, {}).value();
    EXPECT_LE(static_cast<double>(out.map->stream.end - out.map->stream.begin),
              0.1 * static_cast<double>(edit.size()));
    const double p99 = P99(ErrorsStops(scene.hdr.view(), Rendered(result.ultra_hdr).view()));
    EXPECT_LE(p99, 0.1);
    // The report says what is found in the file.
    ASSERT_TRUE(result.report.derived);
    EXPECT_NEAR(result.report.derived->fidelity.p99_stops, p99, 0.02);
    EXPECT_NEAR(result.report.derived->fidelity.peak_kept_stops, 0, 0.05);
    EXPECT_FALSE(result.report.derived->anchor_stops);
    EXPECT_EQ(result.report.source, "derived");
  }
}

TEST(Derive, FullResolutionInThreeChannelsIsNearlyExact) {
  const Scene& scene = TestScene();
  Options options;
  options.derive.map_scale = 1;
  options.derive.map_channels = 3;
  options.output.map_quality = 95;
  const Result result =
      MustProcess(MakeRequest(SdrJpeg(scene.sdr.view(), {.quality = 95}),
                              FloatFile(scene.hdr.view(), FileFormat::kTiff), options));
  ASSERT_FALSE(result.ultra_hdr.empty());
  EXPECT_EQ(result.report.map_components, 3);
  EXPECT_EQ(result.report.map_width, kWidth);
  const GainMapMetadata& m = result.report.metadata;
  EXPECT_LE(P99(ErrorsStops(scene.hdr.view(), Rendered(result.ultra_hdr).view())),
            0.03 + (m.gain_map_max[0] - m.gain_map_min[0]) / 255);
}

TEST(Derive, EveryOrientationOfTheEdit) {
  const Scene& scene = TestScene();
  const Bytes exr = FloatFile(scene.hdr.view(), FileFormat::kOpenExr);
  for (unsigned k = 1; k <= 8; ++k) {
    SCOPED_TRACE(k);
    const Orientation orientation = *OrientationFrom(k);
    const Result result = MustProcess(
        MakeRequest(SdrJpeg(scene.sdr.view(), {.orientation = orientation}), exr, FineMap()));
    ASSERT_FALSE(result.ultra_hdr.empty());
    const Plane<float> rendered = Rendered(result.ultra_hdr);
    const Plane<float> shown = Oriented(rendered.view(), orientation);
    EXPECT_LE(P99(ErrorsStops(scene.hdr.view(), shown.view())), 0.1);
  }
}

TEST(Derive, AnotherSizeOfTheSamePicture) {
  const Scene& scene = TestScene();
  const Plane<float> half = Resized(scene.hdr.view(), kWidth / 2, kHeight / 2);
  const Result result = MustProcess(
      MakeRequest(SdrJpeg(scene.sdr.view(), {}), FloatFile(half.view(), FileFormat::kOpenExr)));
  ASSERT_FALSE(result.ultra_hdr.empty());
  EXPECT_THAT(result.report.map_steps, testing::Contains(testing::HasSubstr("resampled")));
  const auto errors = ErrorsStops(scene.hdr.view(), Rendered(result.ultra_hdr).view());
  EXPECT_LE(errors[errors.size() / 2], 0.05);
}

TEST(Derive, ScalesARenditionWhoseMidTonesDisagree) {
  const Scene& scene = TestScene();
  const Bytes edit = SdrJpeg(scene.sdr.view(), {});
  // TIFF: our OpenEXR files state the luminance of white, and what is stated is not doubted.
  const Plane<float> scaled = Scaled(scene.hdr.view(), 16);
  const Bytes bright = FloatFile(scaled.view(), FileFormat::kTiff);
  const Result anchored = MustProcess(MakeRequest(edit, bright, FineMap()));
  ASSERT_FALSE(anchored.ultra_hdr.empty());
  ASSERT_TRUE(anchored.report.derived->anchor_stops);
  EXPECT_NEAR(*anchored.report.derived->anchor_stops, -4, 0.1);
  EXPECT_LE(P99(ErrorsStops(scene.hdr.view(), Rendered(anchored.ultra_hdr).view())), 0.2);

  Options exposed = FineMap();
  exposed.derive.hdr_exposure_stops = -4;
  const Result asked = MustProcess(MakeRequest(edit, bright, exposed));
  EXPECT_FALSE(asked.report.derived->anchor_stops);
  EXPECT_LE(P99(ErrorsStops(scene.hdr.view(), Rendered(asked.ultra_hdr).view())), 0.1);

  Options white = FineMap();
  white.derive.hdr_white_nits = 203 * 16;
  const Result nits = MustProcess(MakeRequest(edit, bright, white));
  EXPECT_EQ(nits.ultra_hdr, asked.ultra_hdr);

  Options never;
  never.derive.anchor = false;
  const Result kept = MustProcess(MakeRequest(edit, bright, never));
  EXPECT_FALSE(kept.report.derived->anchor_stops);
  EXPECT_GT(kept.report.metadata.alternate_hdr_headroom, 5);
  EXPECT_THAT(kept.report.warnings, testing::Contains(testing::HasSubstr("mid-tones")));

  const Result stated =
      MustProcess(MakeRequest(edit, FloatFile(scaled.view(), FileFormat::kOpenExr)));
  EXPECT_FALSE(stated.report.derived->anchor_stops);
  EXPECT_GT(stated.report.metadata.alternate_hdr_headroom, 5);
}

TEST(Derive, RefusesAnotherPictureAndAnSdrReference) {
  const Scene& scene = TestScene();
  const Bytes edit = SdrJpeg(scene.sdr.view(), {});
  Plane<float> upside_down = Oriented(scene.hdr.view(), Orientation::kBottomRight);
  const auto code_of = [](const Request& request) {
    const Expected<Result> result = Process(request);
    return result ? ErrorCode::kInternal : result.error().code;
  };
  EXPECT_EQ(code_of(MakeRequest(edit, FloatFile(upside_down.view(), FileFormat::kOpenExr),
                                {.framing = {.align = AlignMode::kNone}})),
            ErrorCode::kMismatch);
  EXPECT_EQ(code_of(MakeRequest(
                edit, FloatFile(Resized(scene.hdr.view(), 400, 400).view(), FileFormat::kOpenExr))),
            ErrorCode::kMismatch);
  EXPECT_EQ(code_of(MakeRequest(edit, EncodePng(scene.sdr.view()).value())), ErrorCode::kNoGainMap);
  // The edit as its own HDR rendition: nothing is brighter.
  EXPECT_EQ(code_of(MakeRequest(
                edit, FloatFile(Scaled(scene.hdr.view(), 0).view(), FileFormat::kOpenExr))),
            ErrorCode::kMismatch);
}

TEST(Derive, TheSameBytesWithAnyThreadCountAndRun) {
  const Scene& scene = TestScene();
  Request request =
      MakeRequest(SdrJpeg(scene.sdr.view(), {}), FloatFile(scene.hdr.view(), FileFormat::kOpenExr));
  const Result one = MustProcess(request);
  request.parallelism.threads = 3;
  EXPECT_EQ(MustProcess(request).ultra_hdr, one.ultra_hdr);
}

TEST(PrepareBase, APngEditBecomesTheBase) {
  const Scene& scene = TestScene();
  const Bytes png = EncodePng(scene.sdr.view()).value();
  const Result result =
      MustProcess(MakeRequest(png, FloatFile(scene.hdr.view(), FileFormat::kOpenExr), FineMap()));
  ASSERT_FALSE(result.ultra_hdr.empty());
  EXPECT_THAT(result.report.base_steps, testing::Contains(testing::HasSubstr("quality 95, 4:4:4")));
  EXPECT_LE(P99(ErrorsStops(scene.hdr.view(), Rendered(result.ultra_hdr).view())), 0.1);
  Request predicted = MakeRequest(png, {});
  predicted.reference.reset();
  EXPECT_FALSE(MustProcess(predicted).ultra_hdr.empty());
}

}  // namespace
}  // namespace hdrp::test
