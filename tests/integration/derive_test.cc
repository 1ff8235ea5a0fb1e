// HDR renditions as references, on a procedural picture whose light is known.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <format>

#include "decode/gain_map_jpeg.h"
#include "decode/picture.h"
#include "gainmap/gain.h"
#include "package/float_image.h"
#include "package/png_write.h"
#include "pipeline/process.h"
#include "pipeline/render.h"
#include "support/corpus.h"
#include "support/program.h"
#include "support/scene.h"

namespace hdrp::test {
namespace {

constexpr int kWidth = 640;
constexpr int kHeight = 448;

const Scene& TestScene() {
  static const Scene scene = MakeScene(kWidth, kHeight);
  return scene;
}

/// The light as a file, by our own writer.
Bytes FloatFile(PlaneView<const float> rgb, FloatFormat format,
                Chromaticities primaries = kRec709Primaries) {
  const ScratchFolder scratch;
  const auto path = scratch / "picture";
  auto writer = FloatImageWriter::Create(path, format, {rgb.width, rgb.height, primaries, 1});
  EXPECT_TRUE(writer && writer->Write(rgb) && writer->Finish());
  return ReadWhole(path);
}

Plane<float> Scaled(PlaneView<const float> rgb, float factor) {
  Plane<float> result(rgb.width, rgb.height, rgb.channels);
  for (int y = 0; y < rgb.height; ++y) {
    std::ranges::transform(rgb.RowSpan(y), result.Row(y), [=](float v) { return v * factor; });
  }
  return result;
}

Request Derive(Bytes edit, Bytes reference, Options options = {}) {
  Request request;
  request.base = {"edit", std::move(edit)};
  request.reference = InputFile{"reference", std::move(reference)};
  request.options = options;
  return request;
}

Result MustProcess(const Request& request) {
  Expected<Result> result = Process(request);
  if (result) return *std::move(result);
  std::string details;
  for (const std::string& detail : result.error().details) details += "\n  " + detail;
  ADD_FAILURE() << result.error().where << ": " << result.error().message << details;
  return {};
}

/// What the file decodes to at full headroom, in its stored raster.
Plane<float> Rendered(const Bytes& ultra_hdr) {
  const ScratchFolder scratch;
  const auto path = scratch / "hdr.tiff";
  const Expected<void> done = RenderHdr({"out", ultra_hdr}, {}, path);
  EXPECT_TRUE(done) << done.error().message;
  const Bytes file = ReadWhole(path);
  auto picture = OpenTiff(file, {});
  EXPECT_TRUE(picture) << picture.error().message;
  Plane<float> rgb(picture->info.width, picture->info.height, 3);
  EXPECT_TRUE(picture->read(rgb.view()));
  return rgb;
}

std::vector<double> ErrorsStops(PlaneView<const float> wanted, PlaneView<const float> found) {
  std::vector<double> errors;
  EXPECT_EQ(wanted.width, found.width);
  EXPECT_EQ(wanted.height, found.height);
  const auto luminance = [](PlaneView<const float> rgb, int x, int y) {
    return 0.2126 * static_cast<double>(rgb.At(x, y, 0)) +
           0.7152 * static_cast<double>(rgb.At(x, y, 1)) +
           0.0722 * static_cast<double>(rgb.At(x, y, 2));
  };
  for (int y = 0; y < wanted.height; ++y) {
    for (int x = 0; x < wanted.width; ++x) {
      const double light = luminance(wanted, x, y);
      if (light <= 0.02) continue;
      errors.push_back(std::abs(std::log2(std::max(luminance(found, x, y), 1e-6) / light)));
    }
  }
  std::ranges::sort(errors);
  return errors;
}

double P99(const std::vector<double>& errors) {
  return errors[static_cast<std::size_t>(0.99 * static_cast<double>(errors.size() - 1))];
}

TEST(Derive, FidelityAndBytesOnKnownLight) {
  for (const unsigned seed : {1U, 2U, 3U}) {
    SCOPED_TRACE(seed);
    const Scene scene = MakeScene(kWidth, kHeight, seed);
    const Bytes edit = SdrJpeg(scene.sdr.view(), {});
    const Result result =
        MustProcess(Derive(edit, FloatFile(scene.hdr.view(), FloatFormat::kExr)));
    ASSERT_FALSE(result.ultra_hdr.empty());
    const GainMapJpeg out = ReadGainMapJpeg(result.ultra_hdr, {}).value();
    EXPECT_LE(static_cast<double>(out.map->stream.end - out.map->stream.begin),
              0.1 * static_cast<double>(edit.size()));
    const double p99 = P99(ErrorsStops(scene.hdr.view(), Rendered(result.ultra_hdr).view()));
    EXPECT_LE(p99, 0.1);
    // The report says what is found in the file.
    ASSERT_TRUE(result.report.fidelity);
    EXPECT_NEAR(result.report.fidelity->p99_stops, p99, 0.02);
    EXPECT_NEAR(result.report.fidelity->peak_kept_stops, 0, 0.05);
    EXPECT_FALSE(result.report.anchor_stops);
    EXPECT_EQ(result.report.source, "derived");
  }
}

TEST(Derive, FullResolutionInThreeChannelsIsNearlyExact) {
  const Scene& scene = TestScene();
  Options options;
  options.gain_map_scale = 1;
  options.gain_map_channels = 3;
  options.map_quality = 95;
  const Result result = MustProcess(Derive(SdrJpeg(scene.sdr.view(), {.quality = 95}),
                                           FloatFile(scene.hdr.view(), FloatFormat::kTiff),
                                           options));
  ASSERT_FALSE(result.ultra_hdr.empty());
  EXPECT_EQ(result.report.map_components, 3);
  EXPECT_EQ(result.report.map_width, kWidth);
  const GainMapMetadata& m = result.report.metadata;
  EXPECT_LE(P99(ErrorsStops(scene.hdr.view(), Rendered(result.ultra_hdr).view())),
            0.03 + (m.gain_map_max[0] - m.gain_map_min[0]) / 255);
}

TEST(Derive, EveryOrientationOfTheEdit) {
  const Scene& scene = TestScene();
  const Bytes exr = FloatFile(scene.hdr.view(), FloatFormat::kExr);
  for (unsigned k = 1; k <= 8; ++k) {
    SCOPED_TRACE(k);
    const Orientation orientation = *OrientationFrom(k);
    const Result result =
        MustProcess(Derive(SdrJpeg(scene.sdr.view(), {.orientation = orientation}), exr));
    ASSERT_FALSE(result.ultra_hdr.empty());
    const Plane<float> shown =
        Oriented(std::as_const(Rendered(result.ultra_hdr)).view(), orientation);
    EXPECT_LE(P99(ErrorsStops(scene.hdr.view(), shown.view())), 0.1);
  }
}

TEST(Derive, AnotherSizeOfTheSamePicture) {
  const Scene& scene = TestScene();
  const Plane<float> half = Resized(scene.hdr.view(), kWidth / 2, kHeight / 2);
  const Result result = MustProcess(
      Derive(SdrJpeg(scene.sdr.view(), {}), FloatFile(half.view(), FloatFormat::kExr)));
  ASSERT_FALSE(result.ultra_hdr.empty());
  EXPECT_THAT(result.report.map_steps, testing::Contains(testing::HasSubstr("resampled")));
  const auto errors = ErrorsStops(scene.hdr.view(), Rendered(result.ultra_hdr).view());
  EXPECT_LE(errors[errors.size() / 2], 0.05);
}

TEST(Derive, ScalesARenditionWhoseMidTonesDisagree) {
  const Scene& scene = TestScene();
  const Bytes edit = SdrJpeg(scene.sdr.view(), {});
  const Bytes bright = FloatFile(Scaled(scene.hdr.view(), 16).view(), FloatFormat::kExr);
  const Result anchored = MustProcess(Derive(edit, bright));
  ASSERT_FALSE(anchored.ultra_hdr.empty());
  ASSERT_TRUE(anchored.report.anchor_stops);
  EXPECT_NEAR(*anchored.report.anchor_stops, -4, 0.1);
  EXPECT_LE(P99(ErrorsStops(scene.hdr.view(), Rendered(anchored.ultra_hdr).view())), 0.2);

  Options exposed;
  exposed.hdr_exposure_stops = -4;
  const Result asked = MustProcess(Derive(edit, bright, exposed));
  EXPECT_FALSE(asked.report.anchor_stops);
  EXPECT_LE(P99(ErrorsStops(scene.hdr.view(), Rendered(asked.ultra_hdr).view())), 0.1);

  Options white;
  white.hdr_white_nits = 203 * 16;
  const Result nits = MustProcess(Derive(edit, bright, white));
  EXPECT_EQ(nits.ultra_hdr, asked.ultra_hdr);

  Options never;
  never.anchor = false;
  const Result kept = MustProcess(Derive(edit, bright, never));
  EXPECT_FALSE(kept.report.anchor_stops);
  EXPECT_GT(kept.report.metadata.alternate_hdr_headroom, 5);
  EXPECT_THAT(kept.report.warnings, testing::Contains(testing::HasSubstr("mid-tones")));
}

TEST(Derive, RefusesAnotherPictureAndAnSdrReference) {
  const Scene& scene = TestScene();
  const Bytes edit = SdrJpeg(scene.sdr.view(), {});
  Plane<float> upside_down =
      Oriented(scene.hdr.view(), Orientation::kBottomRight);
  const auto code_of = [](const Request& request) {
    const Expected<Result> result = Process(request);
    return result ? ErrorCode::kInternal : result.error().code;
  };
  EXPECT_EQ(code_of(Derive(edit, FloatFile(upside_down.view(), FloatFormat::kExr))),
            ErrorCode::kMismatch);
  EXPECT_EQ(code_of(Derive(edit, FloatFile(Resized(scene.hdr.view(), 400, 400).view(),
                                           FloatFormat::kExr))),
            ErrorCode::kMismatch);
  EXPECT_EQ(code_of(Derive(edit, EncodePng(scene.sdr.view()).value())), ErrorCode::kNoGainMap);
  // The edit as its own HDR rendition: nothing is brighter.
  EXPECT_EQ(code_of(Derive(edit, FloatFile(Scaled(scene.hdr.view(), 0).view(), FloatFormat::kExr))),
            ErrorCode::kMismatch);
}

TEST(Derive, TheSameBytesWithAnyThreadCountAndRun) {
  const Scene& scene = TestScene();
  Request request = Derive(SdrJpeg(scene.sdr.view(), {}),
                           FloatFile(scene.hdr.view(), FloatFormat::kExr));
  const Result one = MustProcess(request);
  request.parallelism.threads = 3;
  EXPECT_EQ(MustProcess(request).ultra_hdr, one.ultra_hdr);
}

TEST(PrepareBase, APngEditBecomesTheBase) {
  const Scene& scene = TestScene();
  const Bytes png = EncodePng(scene.sdr.view()).value();
  const Result result =
      MustProcess(Derive(png, FloatFile(scene.hdr.view(), FloatFormat::kExr)));
  ASSERT_FALSE(result.ultra_hdr.empty());
  EXPECT_THAT(result.report.base_steps, testing::Contains(testing::HasSubstr("quality 95, 4:4:4")));
  EXPECT_LE(P99(ErrorsStops(scene.hdr.view(), Rendered(result.ultra_hdr).view())), 0.1);
  Request predicted = Derive(png, {});
  predicted.reference.reset();
  EXPECT_FALSE(MustProcess(predicted).ultra_hdr.empty());
}

}  // namespace
}  // namespace hdrp::test
