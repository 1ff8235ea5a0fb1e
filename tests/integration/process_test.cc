// The whole flow on procedural pictures: what comes out is judged by its bytes and by its light.
#include "pipeline/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <stop_token>

#include "base/formatted.h"
#include "decode/gain_map_jpeg.h"
#include "decode/jpeg_pixels.h"
#include "decode/png_pixels.h"
#include "package/jpeg_encode.h"
#include "package/png_write.h"
#include "support/corpus.h"
#include "support/scene.h"
#include "verify/libultrahdr.h"

namespace hdrp::test {
namespace {

Request MakeRequest(Bytes edit, Bytes original = {}, Options options = {}) {
  Request request;
  request.base = {"edit.jpg", std::move(edit)};
  if (!original.empty()) request.reference = InputFile{"original.jpg", std::move(original)};
  request.options = options;
  return request;
}

Result MustProcess(const Request& request) {
  Expected<Result> result = Process(request);
  if (!result) {
    std::string details;
    for (const std::string& detail : result.error().details) details += "\n  " + detail;
    ADD_FAILURE() << result.error().where << ": " << result.error().message << details;
    return {};
  }
  // The gate asks libultrahdr's probe; here its decoder has to accept the file too, but for the
  // exceptions that the report names.
  if (result->report.verification.not_verified_by_libultrahdr.empty()) {
    const auto decoded = DecodeWithLibultrahdr(result->ultra_hdr, 6);
    EXPECT_TRUE(decoded.has_value()) << (decoded ? "" : decoded.error().message);
  }
  return *std::move(result);
}

ErrorCode CodeOf(const Request& request) {
  const Expected<Result> result = Process(request);
  EXPECT_FALSE(result.has_value());
  return result ? ErrorCode::kInternal : result.error().code;
}

/// The output's map in stops, as displayed.
Plane<float> DisplayedGain(const Bytes& ultra_hdr) {
  const GainMapJpeg parsed = ReadGainMapJpeg(ultra_hdr, {}).value();
  const GainMapStream& map = *RequireGainMap(parsed).value();
  Expected<DecodedJpeg> pixels =
      DecodeJpeg(ByteView(ultra_hdr).subspan(map.stream.begin), {.output = JpegOutput::kAsStored});
  const EncodedGainMap encoded{std::move(pixels->pixels), map.metadata};
  return Oriented(DecodeGain(encoded).stops.view(), parsed.exif.orientation);
}

double MeanError(PlaneView<const float> a, PlaneView<const float> b) {
  EXPECT_EQ(a.width, b.width);
  EXPECT_EQ(a.height, b.height);
  double sum = 0;
  for (int y = 0; y < a.height; ++y) {
    for (int x = 0; x < a.width; ++x) {
      sum += std::abs(static_cast<double>(a.At(x, y)) - static_cast<double>(b.At(x, y)));
    }
  }
  return sum / (static_cast<double>(a.width) * a.height);
}

Plane<float> SceneGain(const Scene& scene, int width, int height) {
  return std::move(ResizeGain(Log2Gain{scene.gain_stops.Clone()}, width, height).stops);
}

ByteView ScansOf(const Bytes& file, const JpegStream& stream) {
  return ByteView(file).subspan(stream.tables_begin, stream.end - stream.tables_begin);
}

const Scene& TestScene() {
  static const Scene scene = MakeScene(256, 192);
  return scene;
}
Bytes Edit(const FixtureOptions& options = {}) {
  return SdrJpeg(Edited(TestScene().sdr.view()).view(), options);
}

TEST(Process, CopiesScansMapAndNumbersWhenNothingNeedsToChange) {
  const Bytes edit = Edit();
  const Bytes original = OriginalJpeg(TestScene(), {});
  const Result result = MustProcess(MakeRequest(edit, original));
  ASSERT_FALSE(result.ultra_hdr.empty());
  EXPECT_TRUE(result.report.map_copied);
  EXPECT_GT(result.report.agreement.value(), 0.9);

  const JpegStream base = WalkJpeg(edit, 0).value();
  const GainMapJpeg out = ReadGainMapJpeg(result.ultra_hdr, {}).value();
  EXPECT_TRUE(std::ranges::equal(ScansOf(result.ultra_hdr, out.primary), ScansOf(edit, base)));
  const JpegStream preview = WalkJpeg(result.preview, 0).value();
  EXPECT_TRUE(std::ranges::equal(ScansOf(result.preview, preview), ScansOf(edit, base)));
  EXPECT_FALSE(ReadGainMapJpeg(result.preview, {}).value().map.has_value());
  EXPECT_THAT(ReadGainMapJpeg(result.preview, {}).value().claims, testing::IsEmpty());

  const GainMapJpeg in = ReadGainMapJpeg(original, {}).value();
  EXPECT_EQ(FractionsOf(out.map->metadata), FractionsOf(in.map->metadata));
  EXPECT_TRUE(std::ranges::equal(ScansOf(result.ultra_hdr, out.map->stream),
                                 ScansOf(original, in.map->stream)));
}

TEST(Process, PutsTheMapIntoTheEditsRasterForAllOrientations) {
  for (unsigned edit = 1; edit <= 8; ++edit) {
    const Bytes edited = Edit({.orientation = *OrientationFrom(edit)});
    for (unsigned reference = 1; reference <= 8; ++reference) {
      SCOPED_TRACE(Formatted("edit {} reference {}", edit, reference));
      const Bytes original =
          OriginalJpeg(TestScene(), {.orientation = *OrientationFrom(reference)});
      const Result result = MustProcess(MakeRequest(edited, original));
      ASSERT_FALSE(result.ultra_hdr.empty());
      EXPECT_EQ(result.report.map_copied, edit == reference);
      const Plane<float> gain = DisplayedGain(result.ultra_hdr);
      const Plane<float> truth = SceneGain(TestScene(), gain.width(), gain.height());
      EXPECT_LT(MeanError(gain.view(), truth.view()), 0.03);
    }
  }
}

TEST(Process, KeepsOrShrinksTheMapWhenTheEditWasScaled) {
  const Scene& scene = TestScene();
  const Bytes original = OriginalJpeg(scene, {});  // map 64 x 48
  for (const auto& [width, height, copied] :
       {std::tuple{128, 96, true}, {512, 384, true}, {40, 30, false}}) {
    SCOPED_TRACE(Formatted("edit of {} x {}", width, height));
    const Scene scaled = MakeScene(width, height);
    const Result result =
        MustProcess(MakeRequest(SdrJpeg(Edited(scaled.sdr.view()).view(), {}), original));
    ASSERT_FALSE(result.ultra_hdr.empty());
    EXPECT_EQ(result.report.map_copied, copied);
    EXPECT_LE(result.report.map_width, width);
    const Plane<float> gain = DisplayedGain(result.ultra_hdr);
    const Plane<float> truth = SceneGain(scene, gain.width(), gain.height());
    EXPECT_LT(MeanError(gain.view(), truth.view()), 0.05);
  }
}

TEST(Process, RefusesAnotherPictureOrFraming) {
  const Bytes original = OriginalJpeg(TestScene(), {});
  const Scene other = MakeScene(256, 192, 77);
  EXPECT_EQ(CodeOf(MakeRequest(SdrJpeg(other.sdr.view(), {}), original)), ErrorCode::kMismatch);
  // Stretched.
  Plane<std::uint8_t> flat(256, 150, 3);
  for (int y = 0; y < flat.height(); ++y) {
    std::ranges::copy(TestScene().sdr.view().RowSpan(y * 192 / 150), flat.Row(y));
  }
  EXPECT_EQ(CodeOf(MakeRequest(SdrJpeg(flat.view(), {}), original)), ErrorCode::kMismatch);
  // The same scene in another framing, where nothing else than the same is to be taken.
  const Bytes wider = SdrJpeg(MakeScene(256, 180).sdr.view(), {});
  EXPECT_EQ(CodeOf(MakeRequest(wider, original, {.framing = {.align = AlignMode::kNone}})),
            ErrorCode::kMismatch);

  const Result forced = MustProcess(
      MakeRequest(SdrJpeg(other.sdr.view(), {}), original, {.framing = {.force_reference = true}}));
  EXPECT_THAT(forced.report.warnings, testing::Contains(testing::HasSubstr("forced")));
}

TEST(Process, BoostRescalesNumbersAndKeepsTheSamples) {
  const Bytes original = OriginalJpeg(TestScene(), {});
  const GainMapMetadata before = ReadGainMapJpeg(original, {}).value().map->metadata;
  for (const double boost : {0.1, 1.0, 2.5, 6.0}) {
    const Result result = MustProcess(MakeRequest(Edit(), original, {.boost_stops = boost}));
    ASSERT_FALSE(result.ultra_hdr.empty());
    EXPECT_TRUE(result.report.map_copied);
    const GainMapMetadata& after = result.report.metadata;
    EXPECT_DOUBLE_EQ(after.alternate_hdr_headroom, boost);
    const double factor = boost / before.alternate_hdr_headroom;
    EXPECT_NEAR(after.gain_map_max[0], before.gain_map_max[0] * factor, 1e-9);
    EXPECT_NEAR(after.gain_map_min[0], before.gain_map_min[0] * factor, 1e-9);
    EXPECT_EQ(after.base_offset, before.base_offset);
  }
  for (const double boost : {0.0, -1.0, 0.05, 6.5, std::nan("")}) {
    EXPECT_EQ(CodeOf(MakeRequest(Edit(), original, {.boost_stops = boost})),
              ErrorCode::kBadArgument);
  }
}

TEST(Process, MaskFeathersTheGainOut) {
  Plane<std::uint8_t> mask(256, 192);  // the left half
  for (int y = 0; y < 192; ++y) std::ranges::fill(mask.view().RowSpan(y).first(128), 255);
  for (const unsigned orientation : {1U, 6U, 7U}) {
    SCOPED_TRACE(orientation);
    Request request = MakeRequest(Edit({.orientation = *OrientationFrom(orientation)}),
                                  OriginalJpeg(TestScene(), {}), {.fill = Fill::kNeutral});
    request.mask = InputFile{"mask.png", EncodePng(mask.view()).value()};
    const Result result = MustProcess(request);
    ASSERT_FALSE(result.ultra_hdr.empty());
    EXPECT_FALSE(result.report.map_copied);
    const Plane<float> gain = DisplayedGain(result.ultra_hdr);
    const Plane<float> truth = SceneGain(TestScene(), gain.width(), gain.height());
    double inside = 0;
    double outside = 0;
    for (int y = 0; y < gain.height(); ++y) {
      for (int x = 0; x < gain.width(); ++x) {
        const float value = gain.view().At(x, y);
        if (x < gain.width() / 2 - 1)
          inside = std::max(inside, std::abs(static_cast<double>(value)));
        if (x > gain.width() / 2 + 3) {
          outside += std::abs(static_cast<double>(value - truth.view().At(x, y)));
        }
      }
    }
    EXPECT_LT(inside, 0.15);  // JPEG ringing beside the edge
    EXPECT_LT(outside / (gain.width() / 2.0 - 4) / gain.height(), 0.03);
  }
  Request all = MakeRequest(Edit(), OriginalJpeg(TestScene(), {}));
  for (int y = 0; y < 192; ++y) std::ranges::fill(mask.view().RowSpan(y), 255);
  all.mask = InputFile{"mask.png", EncodePng(mask.view()).value()};
  EXPECT_EQ(CodeOf(all), ErrorCode::kNoGainMap);
  all.mask = InputFile{"mask.png", EncodePng(Plane<std::uint8_t>(100, 100).view()).value()};
  EXPECT_EQ(CodeOf(all), ErrorCode::kMismatch);
  all.mask = InputFile{"mask.png", Edit()};
  EXPECT_EQ(CodeOf(all), ErrorCode::kUnsupported);
}

TEST(Process, TakesTheEditsOwnMapOrDropsItForTheReferences) {
  const Bytes original = OriginalJpeg(TestScene(), {});
  const Result own = MustProcess(MakeRequest(original));
  EXPECT_EQ(own.report.mode, "reference");
  EXPECT_TRUE(own.report.map_copied);
  // Our own output goes through unchanged, byte for byte.
  EXPECT_EQ(MustProcess(MakeRequest(own.ultra_hdr)).ultra_hdr, own.ultra_hdr);

  const Result dropped = MustProcess(MakeRequest(own.ultra_hdr, original));
  EXPECT_THAT(dropped.report.warnings, testing::Contains(testing::HasSubstr("was dropped")));
  const Result predicted =
      MustProcess(MakeRequest(own.ultra_hdr, original, {.mode = Mode::kPredict}));
  EXPECT_EQ(predicted.report.mode, "predict");
}

TEST(Process, GivesTheSameBytesOnEveryRunAndThreadCount) {
  const Bytes original = OriginalJpeg(TestScene(), {.orientation = Orientation::kLeftBottom});
  for (const bool predict : {false, true}) {
    Request request = MakeRequest(Edit(), predict ? Bytes{} : original);
    const Result first = MustProcess(request);
    for (const int threads : {1, 2, 5}) {
      request.parallelism.threads = threads;
      const Result again = MustProcess(request);
      EXPECT_EQ(again.ultra_hdr, first.ultra_hdr) << threads << " threads";
      EXPECT_EQ(again.preview, first.preview);
    }
  }
}

TEST(Process, PredictsForAPlainPictureAndRefusesADarkOne) {
  const Result result = MustProcess(MakeRequest(Edit()));
  EXPECT_EQ(result.report.predicted->predictor, "phone");
  EXPECT_EQ(result.report.predicted->style, "phone");
  ASSERT_TRUE(result.report.predicted->model);
  EXPECT_EQ(result.report.predicted->model->sha256.size(), 64U);
  EXPECT_EQ(result.report.map_width, 64);
  EXPECT_GT(result.report.metadata.alternate_hdr_headroom, 0.5);
  EXPECT_EQ(CodeOf(MakeRequest(Edit(), {}, {.mode = Mode::kReference})), ErrorCode::kBadArgument);

  Plane<std::uint8_t> dark(64, 64, 3);
  for (int y = 0; y < 64; ++y) std::ranges::fill(dark.view().RowSpan(y), 40);
  EXPECT_EQ(CodeOf(MakeRequest(EncodeJpeg(dark.view(), {}).value())), ErrorCode::kNoGainMap);
}

TEST(Process, RefusesWhatIsNoPicture) {
  const Plane<std::uint8_t> plane(8, 8, 3);
  const Bytes png = EncodePng(plane.view()).value();
  EXPECT_EQ(CodeOf(MakeRequest(png)), ErrorCode::kNoGainMap) << "black: nothing to lift";
  EXPECT_EQ(CodeOf(MakeRequest(Edit(), png)), ErrorCode::kNoGainMap) << "an SDR reference";
  EXPECT_EQ(CodeOf(MakeRequest({})), ErrorCode::kBadInput);
  EXPECT_EQ(CodeOf(MakeRequest({'h', 'e', 'l', 'l', 'o'})), ErrorCode::kBadInput);
  Bytes cut = Edit();
  cut.resize(200);
  EXPECT_EQ(CodeOf(MakeRequest(cut)), ErrorCode::kBadInput);
}

TEST(Process, StopsWhenAskedTo) {
  Request request = MakeRequest(Edit(), OriginalJpeg(TestScene(), {}));
  std::stop_source source;
  source.request_stop();
  request.parallelism.stop.token = source.get_token();
  EXPECT_EQ(CodeOf(request), ErrorCode::kInterrupted);
  request.parallelism.stop = {{}, std::chrono::steady_clock::now()};
  EXPECT_EQ(CodeOf(request), ErrorCode::kTimeout);
}

TEST(Process, RefusesOverTheSizeLimit) {
  Request request = MakeRequest(Edit(), OriginalJpeg(TestScene(), {}));
  request.limits.max_pixels = 1000;
  EXPECT_EQ(CodeOf(request), ErrorCode::kTooLarge);
}

// A map that brings its ISO 21496-1 block, as those of our own files do.
TEST(Process, LibultrahdrWritesMapsOfOurOwnFiles) {
  const Bytes edit = SdrJpeg(TestScene().sdr.view(), {});
  const Result own = MustProcess(MakeRequest(edit, OriginalJpeg(TestScene(), {})));
  const Result again = MustProcess(
      MakeRequest(edit, own.ultra_hdr, {.output = {.exporter = Exporter::kLibultrahdr}}));
  EXPECT_TRUE(again.report.verification.passed());
}

/// libultrahdr's pixels against the known light: 1:1 map, so that only quantisation differs.
TEST(Process, LibultrahdrDecodesTheSameLight) {
  const Scene& scene = TestScene();
  const Bytes base = SdrJpeg(scene.sdr.view(), {.quality = 100});
  const Result result =
      MustProcess(MakeRequest(base, OriginalJpeg(scene, {.map_scale = 1, .quality = 100}),
                              {.output = {.verify = VerifyLevel::kFull}}));
  ASSERT_FALSE(result.ultra_hdr.empty());
  EXPECT_THAT(result.report.verification.not_verified_by_libultrahdr, testing::IsEmpty());
  const auto checks = result.report.verification.checks;
  const auto full = std::ranges::find(checks, "U2", &Check::id);
  ASSERT_NE(full, checks.end());
  EXPECT_EQ(full->result, CheckResult::kPassed);
}

/// A page of text is white, not a highlight: refused, and lifted a little for those who insist.
TEST(Process, DoesNotLiftATextPageAsAWhole) {
  HDRP_NEEDS_CORPUS();
  const Bytes png = ReadCorpus("sdr/clic_text_screenshot.png");
  const Plane<std::uint8_t> page = DecodePngGray(png, {}).value();
  Request request = MakeRequest(EncodeJpeg(page.view(), {}).value());
  const Expected<Result> refused = Process(request);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kNoGainMap);
  ASSERT_FALSE(refused.error().causes.empty());
  EXPECT_EQ(refused.error().causes[0].option, "guard");
  EXPECT_EQ(refused.error().causes[0].word, "text");
  EXPECT_THAT(SentencesOf(refused.error()),
              testing::Contains(testing::HasSubstr("--guard text=off")));

  request.options.predict.guards.Set(Guard::kText, 0);
  const Result result = MustProcess(request);
  ASSERT_FALSE(result.ultra_hdr.empty());
  const Plane<float> gain = DisplayedGain(result.ultra_hdr);
  double sum = 0;
  for (int y = 0; y < gain.height(); ++y) {
    for (const float stops : gain.view().RowSpan(y)) sum += static_cast<double>(stops);
  }
  EXPECT_LE(sum / (static_cast<double>(gain.width()) * gain.height()), 1.2 + 0.02);
}

TEST(Process, PairsAPixelPhotoWithItsPhotoshopEdit) {
  HDRP_NEEDS_CORPUS();
  const Bytes edit = ReadCorpus("uhdr/photoshop25_fake_mishaal_01_base.jpg");
  const Bytes original = ReadCorpus("uhdr/pixel6pro_mishaal_01.jpg");
  const Result result = MustProcess(MakeRequest(edit, original));
  ASSERT_FALSE(result.ultra_hdr.empty());
  EXPECT_TRUE(result.report.map_copied);
  EXPECT_THAT(result.report.warnings, testing::Contains(testing::HasSubstr("stale claim")));
  const GainMapJpeg out = ReadGainMapJpeg(result.ultra_hdr, {}).value();
  EXPECT_TRUE(std::ranges::equal(ScansOf(result.ultra_hdr, out.primary),
                                 ScansOf(edit, WalkJpeg(edit, 0).value())));
  EXPECT_NEAR(out.map->metadata.gain_map_max[0], 2.656715, 1e-9);
  EXPECT_NEAR(out.map->metadata.alternate_hdr_headroom, 2.656715, 1e-9);
  EXPECT_EQ(out.map->metadata.base_offset[0], 0);

  // The edit alone claims a map it does not hold.
  const Result predicted = MustProcess(MakeRequest(original, {}, {.mode = Mode::kPredict}));
  EXPECT_EQ(predicted.report.mode, "predict");
  EXPECT_EQ(CodeOf(MakeRequest(original, edit)), ErrorCode::kNoGainMap);
}

/// Every map of the corpus that may be written again goes through: onto its own base, verified.
TEST(Process, EveryUsableCorpusFileGoesThrough) {
  HDRP_NEEDS_CORPUS();
  int delivered = 0;
  for (const std::string_view kind : {"uhdr", "phone"}) {
    for (const CorpusFile& file : CorpusFiles(kind)) {
      if (!file.name.ends_with(".jpg")) continue;
      SCOPED_TRACE(file.name);
      const Bytes bytes = ReadWhole(file.path);
      const GainMapJpeg parsed = ReadGainMapJpeg(bytes, {}).value();
      const Expected<Result> result = Process(MakeRequest(bytes, {}, {.mode = Mode::kReference}));
      if (!parsed.map) {
        ASSERT_FALSE(result.has_value());
        EXPECT_EQ(result.error().code, ErrorCode::kBadArgument);
        continue;
      }
      if (!result) {
        // The only refusals allowed: what can be read but not written.
        EXPECT_EQ(result.error().code, ErrorCode::kUnsupported)
            << result.error().message
            << (result.error().details.empty() ? "" : "\n" + result.error().details.front());
        continue;
      }
      ++delivered;
    }
  }
  EXPECT_GE(delivered, 30);
}

}  // namespace
}  // namespace hdrp::test
