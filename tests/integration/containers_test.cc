// HEIC and AVIF, in and out: whole runs on pictures whose light is known. What an independent
// reader says of the files is in tests/unit/package_*_test.cc and tests/browser.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/formatted.h"
#include "color/icc.h"
#include "decode/codecs.h"
#include "decode/gain_map_jpeg.h"
#include "metadata/heif_structure.h"
#include "obtain/extract.h"
#include "picture_files.h"
#include "pipeline/extract.h"
#include "pipeline/inspect.h"
#include "support/corpus.h"
#include "support/float_rows.h"
#include "support/scene.h"
#include "whole_flow.h"

namespace hdrp::test {
namespace {

const Scene& TestScene() {
  static const Scene scene = MakeScene(320, 240);
  return scene;
}

Bytes Edit(Orientation orientation = Orientation::kTopLeft) {
  return SdrJpeg(Edited(TestScene().sdr.view()).view(), {.orientation = orientation});
}
Bytes Original(Orientation orientation = Orientation::kTopLeft) {
  return OriginalJpeg(TestScene(), {.orientation = orientation});
}

/// What `convert` asks for.
Bytes ConvertedTo(FileFormat format, Bytes file, Options options = {}) {
  options.mode = Mode::kReference;
  options.output.format = format;
  options.output.keep_map = true;
  return MustProcess(MakeRequest(std::move(file), {}, options)).ultra_hdr;
}

/// A file's gain map with ISO meaning, and how its raster is displayed.
struct ReadMap {
  EncodedGainMap map;
  Orientation orientation = Orientation::kTopLeft;
};

ReadMap MapOf(const Bytes& file) {
  if (const FileFormat format = Sniff(file); format != FileFormat::kJpeg) {
    Expected<GainMapFile> picture = OpenGainMapWithCodec(format, file, {});
    EXPECT_TRUE(picture && picture->map)
        << (picture ? testing::PrintToString(picture->problems) : picture.error().message);
    if (!picture || !picture->map) return {};
    return {ExtractGainMap(*picture, AppleTransfer::kGamma22).value(), picture->base.orientation};
  }
  const GainMapJpeg parsed = ReadGainMapJpeg(file, {}).value();
  return {
      ExtractGainMap(file, *RequireGainMap(parsed).value(), AppleTransfer::kGamma22, {}).value(),
      parsed.exif.orientation};
}

Plane<float> DisplayedGain(const Bytes& file) {
  const ReadMap read = MapOf(file);
  return Oriented(DecodeGain(read.map).stops.view(), read.orientation);
}

/// |a - b| of all samples, sorted.
std::vector<double> Differences(PlaneView<const float> a, PlaneView<const float> b) {
  std::vector<double> differences;
  EXPECT_EQ(a.width, b.width);
  EXPECT_EQ(a.height, b.height);
  if (a.width != b.width || a.height != b.height || a.channels != b.channels) return {HUGE_VAL};
  for (int y = 0; y < a.height; ++y) {
    for (std::size_t i = 0; i < a.RowSpan(y).size(); ++i) {
      differences.push_back(std::abs(static_cast<double>(a.RowSpan(y)[i] - b.RowSpan(y)[i])));
    }
  }
  std::ranges::sort(differences);
  return differences;
}

double Mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

Plane<float> SceneGain(int width, int height) {
  return std::move(ResizeGain(Log2Gain{TestScene().gain_stops.Clone()}, width, height).stops);
}

struct ContainerCase {
  std::string name;
  FileFormat format;
  HeicForm form = HeicForm::kBoth;
};
void PrintTo(const ContainerCase& row, std::ostream* out) { *out << row.name; }

class Containers : public testing::TestWithParam<ContainerCase> {
 protected:
  [[nodiscard]] static Options Wanted() {
    Options options;
    options.output.format = GetParam().format;
    options.output.heic_form = GetParam().form;
    return options;
  }
};

TEST_P(Containers, GiveTheReferencesGainAgain) {
  const Result result = MustProcess(MakeRequest(Edit(), Original(), Wanted()));
  ASSERT_FALSE(result.ultra_hdr.empty());
  EXPECT_TRUE(result.report.verification.passed());
  EXPECT_THAT(result.report.verification.warnings(), testing::IsEmpty());
  const Plane<float> wanted = DisplayedGain(Original());
  const Plane<float> found = DisplayedGain(result.ultra_hdr);
  // Apple's curve has 8-bit codes of its own, which become ISO codes once more when they are read.
  const double requantised = GetParam().form == HeicForm::kApple ? 0.02 : 0;
  EXPECT_LE(P99(Differences(wanted.view(), found.view())), 0.03 + requantised);
}

TEST_P(Containers, KeepTheBase) {
  const Bytes edit = Edit();
  const Result result = MustProcess(MakeRequest(edit, Original(), Wanted()));
  ASSERT_FALSE(result.ultra_hdr.empty());
  const auto linear = [](const Bytes& file) {
    Plane<float> rows = ReadPicture(OpenPicture, file).value();
    const BaseColor srgb = SrgbColor();
    for (int y = 0; y < rows.height(); ++y) {
      for (float& value : rows.view().RowSpan(y)) {
        value = srgb.linear_of_code[0][static_cast<std::size_t>(std::lround(255 * value))];
      }
    }
    return rows;
  };
  const std::vector<double> errors =
      ErrorsStops(linear(edit).view(), linear(result.ultra_hdr).view());
  EXPECT_LE(P99(errors), 0.10);
  EXPECT_LE(errors[errors.size() / 2], 0.01);
  // The preview is the edit's own JPEG, whatever the container.
  EXPECT_TRUE(std::ranges::equal(ReadPicture(OpenPicture, result.preview)->view().RowSpan(7),
                                 ReadPicture(OpenPicture, edit)->view().RowSpan(7)));
}

TEST_P(Containers, DoNotDependOnTheNumberOfThreads) {
  Request request = MakeRequest(Edit(), Original(), Wanted());
  request.parallelism.threads = 1;
  const Bytes one = MustProcess(request).ultra_hdr;
  request.parallelism.threads = 4;
  EXPECT_EQ(MustProcess(request).ultra_hdr, one);
}

TEST_P(Containers, ShowTheEditUprightWithTheMapOnIt) {
  for (unsigned edit = 1; edit <= 8; ++edit) {
    SCOPED_TRACE(edit);
    const Result result =
        MustProcess(MakeRequest(Edit(*OrientationFrom(edit)), Original(), Wanted()));
    ASSERT_FALSE(result.ultra_hdr.empty());
    const Plane<float> gain = DisplayedGain(result.ultra_hdr);
    const Plane<float> truth = SceneGain(gain.width(), gain.height());
    EXPECT_LT(Mean(Differences(gain.view(), truth.view())), 0.03);
    auto picture = OpenPicture(result.ultra_hdr, {});
    const Orientation turn = picture->info.orientation;
    const Plane<float> shown = Oriented(ReadAllRows(*picture)->view(), turn);
    const Bytes plain = Edit(*OrientationFrom(edit));  // outlives the rows that are read of it
    auto stored = OpenPicture(plain, {});
    const Plane<float> wanted = Oriented(ReadAllRows(*stored)->view(), *OrientationFrom(edit));
    EXPECT_LT(Mean(Differences(shown.view(), wanted.view())), 0.02);
  }
}

TEST_P(Containers, AreTakenApartAndRendered) {
  const Result result = MustProcess(MakeRequest(Edit(), Original(), Wanted()));
  ASSERT_FALSE(result.ultra_hdr.empty());
  const Expected<Extracted> parts = Extract({"file", result.ultra_hdr}, {});
  ASSERT_TRUE(parts) << parts.error().message;
  EXPECT_EQ(Sniff(parts->base_jpeg), FileFormat::kJpeg);
  EXPECT_EQ(Sniff(parts->map_png), FileFormat::kPng);
  EXPECT_TRUE(parts->map_jpeg.empty());
  const Plane<float> hdr = Rendered(result.ultra_hdr);
  const Plane<float> jpeg_hdr = Rendered(MustProcess(MakeRequest(Edit(), Original())).ultra_hdr);
  EXPECT_LE(P99(ErrorsStops(jpeg_hdr.view(), hdr.view())), 0.15);

  const Expected<Inspection> seen = Inspect({"file", result.ultra_hdr}, {}, {});
  ASSERT_TRUE(seen) << seen.error().message;
  EXPECT_EQ(seen->format, WordOf(GetParam().format));
  EXPECT_FALSE(seen->refusal.has_value());
  EXPECT_THAT(seen->problems, testing::IsEmpty());
  EXPECT_TRUE(seen->verification.passed());
}

INSTANTIATE_TEST_SUITE_P(
    All, Containers,
    testing::Values(ContainerCase{"heic_both", FileFormat::kHeif},
                    ContainerCase{"heic_iso", FileFormat::kHeif, HeicForm::kIso},
                    ContainerCase{"heic_apple", FileFormat::kHeif, HeicForm::kApple},
                    ContainerCase{"avif", FileFormat::kAvif}),
    [](const auto& row) { return row.param.name; });

TEST(FullChroma, IsDelivered) {
  for (const FileFormat format : {FileFormat::kHeif, FileFormat::kAvif}) {
    SCOPED_TRACE(NameOf(format));
    Options options;
    options.output.format = format;
    options.output.subsample_chroma = false;
    EXPECT_TRUE(MustProcess(MakeRequest(Edit(), Original(), options)).report.verification.passed());
  }
}

TEST(Convert, ThereAndBackKeepsNumbersAndLight) {
  const Bytes original = Original();
  const Plane<float> light = Rendered(original);
  for (const FileFormat format : {FileFormat::kHeif, FileFormat::kAvif}) {
    SCOPED_TRACE(NameOf(format));
    const Bytes there = ConvertedTo(format, original);
    const Bytes back = ConvertedTo(FileFormat::kJpeg, there);
    ASSERT_FALSE(back.empty());
    const GainMapMetadata wanted = MapOf(original).map.metadata;
    EXPECT_EQ(FractionsOf(MapOf(there).map.metadata), FractionsOf(wanted));
    EXPECT_EQ(FractionsOf(MapOf(back).map.metadata), FractionsOf(wanted));
    // Without loss on the way there.
    EXPECT_EQ(Differences(DisplayedGain(original).view(), DisplayedGain(there).view()).back(), 0);
    EXPECT_LE(P99(ErrorsStops(light.view(), Rendered(back).view())), 0.15);
  }
}

TEST(Convert, JpegStaysByteForByte) {
  const Bytes original = Original();
  const Bytes again = ConvertedTo(FileFormat::kJpeg, original);
  ASSERT_FALSE(again.empty());
  const auto scans = [](const Bytes& file) {
    const GainMapJpeg parsed = ReadGainMapJpeg(file, {}).value();
    const auto of = [&](const JpegStream& stream) {
      return Bytes(file.begin() + static_cast<std::ptrdiff_t>(stream.tables_begin),
                   file.begin() + static_cast<std::ptrdiff_t>(stream.end));
    };
    return std::pair(of(parsed.primary), of(parsed.map->stream));
  };
  EXPECT_EQ(scans(again), scans(original));
}

TEST(Convert, NeedsAGainMap) {
  Options options;
  options.mode = Mode::kReference;
  options.output.format = FileFormat::kAvif;
  options.output.keep_map = true;
  EXPECT_EQ(MustFail(MakeRequest(Edit(), {}, options)).code, ErrorCode::kNoGainMap);
}

/// 8 orientations of the edit x 8 of the reference, each as JPEG and as HEIC.
TEST(ContainersOrientation, EveryEditWithEveryReference) {
  std::vector<std::pair<std::string, Bytes>> edits, references;
  for (unsigned k = 1; k <= 8; ++k) {
    const Orientation orientation = *OrientationFrom(k);
    edits.emplace_back(Formatted("JPEG {}", k), Edit(orientation));
    const Plane<std::uint8_t> stored =
        Oriented(Edited(TestScene().sdr.view()).view(), Inverse(orientation));
    const Plane<std::uint16_t> codes = CodesOf(std::as_const(stored).view(), 8);
    edits.emplace_back(Formatted("HEIC {}", k),
                       MakeHeif({.codes = codes.view(), .orientation = orientation}));
    references.emplace_back(Formatted("JPEG {}", k), Original(orientation));
    references.emplace_back(Formatted("HEIC {}", k),
                            ConvertedTo(FileFormat::kHeif, Original(orientation)));
  }
  for (const auto& [edit_name, edit] : edits) {
    for (const auto& [reference_name, reference] : references) {
      SCOPED_TRACE(edit_name + " with " + reference_name);
      const Result result = MustProcess(MakeRequest(edit, reference));
      ASSERT_FALSE(result.ultra_hdr.empty());
      EXPECT_GT(result.report.agreement.value(), 0.8);
      const Plane<float> gain = DisplayedGain(result.ultra_hdr);
      const Plane<float> truth = SceneGain(gain.width(), gain.height());
      EXPECT_LT(Mean(Differences(gain.view(), truth.view())), 0.03);
    }
  }
}

TEST(Containers, AColouredMapStaysColouredInAvifAndIsReducedInHeic) {
  HDRP_NEEDS_CORPUS();
  const Bytes original = ReadCorpus("uhdr/libavif_seine_sdr_gainmap_srgb.jpg");
  const Bytes avif = ConvertedTo(FileFormat::kAvif, original);
  EXPECT_EQ(MapOf(avif).map.codes.channels(), 3);
  EXPECT_EQ(FractionsOf(MapOf(avif).map.metadata), FractionsOf(MapOf(original).map.metadata));

  Options options;
  options.mode = Mode::kReference;
  options.output.format = FileFormat::kHeif;
  const Result heic = MustProcess(MakeRequest(original, {}, options));
  EXPECT_THAT(heic.report.warnings,
              testing::Contains(testing::HasSubstr("HEIC holds one channel")));
  EXPECT_EQ(MapOf(heic.ultra_hdr).map.codes.channels(), 1);
  EXPECT_LE(P99(ErrorsStops(Rendered(original).view(), Rendered(heic.ultra_hdr).view())), 0.2);
}

TEST(Containers, WhatIsDerivedOrPredictedGoesIntoThemToo) {
  const Bytes exr = FloatFile(TestScene().hdr.view(), FileFormat::kOpenExr);
  const Bytes edit = SdrJpeg(TestScene().sdr.view(), {});
  for (const FileFormat format : {FileFormat::kHeif, FileFormat::kAvif}) {
    Options options;
    options.output.format = format;
    const Result derived = MustProcess(MakeRequest(edit, exr, options));
    EXPECT_EQ(derived.report.source, "derived");
    EXPECT_LE(P99(ErrorsStops(TestScene().hdr.view(), Rendered(derived.ultra_hdr).view())), 0.4);
    const Result predicted = MustProcess(MakeRequest(edit, {}, options));
    EXPECT_EQ(predicted.report.mode, "predict");
    EXPECT_FALSE(predicted.ultra_hdr.empty());
  }
}

struct HeicSample {
  std::string name;
  std::string source;
};
void PrintTo(const HeicSample& row, std::ostream* out) { *out << row.name; }

class PhoneHeic : public testing::TestWithParam<HeicSample> {};

/// A phone's HEIC as reference of an edit of its own base, and converted.
TEST_P(PhoneHeic, WorksAsAJpegReferenceDoes) {
  HDRP_NEEDS_CORPUS();
  const Bytes original = ReadCorpus("heic/" + GetParam().name);
  const Bytes jpeg = ConvertedTo(FileFormat::kJpeg, original);
  ASSERT_FALSE(jpeg.empty());
  const Expected<Extracted> parts = Extract({"file", original}, {});
  ASSERT_TRUE(parts) << parts.error().message;

  Expected<PictureRows> base = OpenPicture(parts->base_jpeg, {});
  Plane<float> rows = ReadAllRows(*base).value();
  Plane<std::uint8_t> codes(rows.width(), rows.height(), 3);
  for (int y = 0; y < rows.height(); ++y) {
    std::ranges::transform(rows.view().RowSpan(y), codes.view().RowSpan(y).begin(),
                           [](float v) { return static_cast<std::uint8_t>(255 * v + 0.5F); });
  }
  const Bytes edit = SdrJpeg(Edited(std::as_const(codes).view()).view(), {});
  const Result result = MustProcess(MakeRequest(edit, original));
  ASSERT_FALSE(result.ultra_hdr.empty());
  EXPECT_EQ(result.report.source, GetParam().source);
  EXPECT_GT(result.report.agreement.value(), 0.8);
  EXPECT_LE(
      P99(Differences(DisplayedGain(original).view(), DisplayedGain(result.ultra_hdr).view())),
      0.03);
  EXPECT_LE(P99(Differences(DisplayedGain(original).view(), DisplayedGain(jpeg).view())), 0.03);
}

INSTANTIATE_TEST_SUITE_P(Corpus, PhoneHeic,
                         testing::Values(HeicSample{"gwy15_IMG_3853.heic", "iso"},
                                         HeicSample{"pillow_heif_aux_YCbCr.heic", "iso"},
                                         HeicSample{"toGainMapHDR_DJI_1_0226_D.heic", "apple"}),
                         [](const auto& row) {
                           return row.param.name.substr(0, row.param.name.find_first_of("_"));
                         });

TEST(Containers, AnAvifWithAnHdrBaseIsAnHdrRendition) {
  HDRP_NEEDS_CORPUS();
  const Result result =
      MustProcess(MakeRequest(ReadCorpus("uhdr/libavif_seine_sdr_gainmap_srgb.jpg"),
                              ReadCorpus("heic/libavif_seine_hdr_gainmap_srgb.avif")));
  EXPECT_EQ(result.report.source, "derived");
}

}  // namespace
}  // namespace hdrp::test
