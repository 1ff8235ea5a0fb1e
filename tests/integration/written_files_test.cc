// Writer and verifier against each other: what the writer makes passes every check, libultrahdr's
// pixels included, and what libultrahdr's own exporter leaves out is named.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "package/jpeg_encode.h"
#include "package/jpeg_r.h"
#include "package/jpeg_r_libultrahdr.h"
#include "support/chart_file.h"
#include "support/corpus.h"
#include "support/make_jpeg.h"
#include "support/scene.h"
#include "verify/verify.h"

namespace hdrp {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr int kWidth = 240;
constexpr int kHeight = 160;

GainMapMetadata SceneNumbers() {
  GainMapMetadata metadata;
  metadata.gain_map_max = {3, 3, 3};
  metadata.alternate_hdr_headroom = 3;
  return metadata;
}

/// The scene's gain at a scale, one channel or three different ones.
Bytes SceneMap(int scale, int channels, const GainMapMetadata& metadata) {
  const test::Scene scene = test::MakeScene(kWidth, kHeight);
  const Log2Gain gain =
      ResizeGain(Log2Gain{scene.gain_stops.Clone()}, kWidth / scale, kHeight / scale);
  const EncodedGainMap grey = EncodeGain(gain, metadata);
  Plane<std::uint8_t> codes(kWidth / scale, kHeight / scale, channels);
  for (int y = 0; y < codes.height(); ++y) {
    for (int x = 0; x < codes.width(); ++x) {
      for (int c = 0; c < channels; ++c) {
        codes.view().At(x, y, c) =
            static_cast<std::uint8_t>(grey.codes.view().At(x, y) * (4 - c) / 4);
      }
    }
  }
  return EncodeJpeg(codes.view(), {.quality = 95}).value();
}

struct Written {
  Bytes base;
  JpegStream stream;
  ExpectedFile expected;

  Written(Bytes base_file, const GainMapMetadata& metadata) : base(std::move(base_file)) {
    stream = WalkJpeg(base, 0).value();
    expected.base_file = base;
    expected.base = &stream;
    expected.metadata = metadata;
    const auto parsed = ReadGainMapJpeg(base, {});
    if (parsed) expected.orientation = parsed->exif.orientation;
  }
  Written(const Written&) = delete;
  Written& operator=(const Written&) = delete;
};

struct Row {
  std::string name;
  Bytes (*base)();
  int map_scale;
  int map_channels;
  std::array<double, 3> max;
  bool asks_libultrahdr;
};

Bytes SubsampledBase() {
  return EncodeJpeg(test::MakeScene(kWidth, kHeight).sdr.view(), {.subsample_chroma = true})
      .value();
}
Bytes FullBase() { return EncodeJpeg(test::MakeScene(kWidth, kHeight).sdr.view(), {}).value(); }
Bytes ProgressiveBase() {
  return test::MakeJpeg(test::MakeScene(kWidth, kHeight).sdr.view(),
                        {.coding = test::JpegCoding::kProgressive});
}
Bytes RgbBase() {
  return test::MakeJpeg(test::MakeScene(kWidth, kHeight).sdr.view(),
                        {.color = test::JpegColor::kRgb});
}
Bytes GreyBase() { return test::MakeJpeg(test::MakeRamps(kWidth, kHeight, 1).view()); }
Bytes TurnedBase() {
  return test::SdrJpeg(test::MakeScene(kHeight, kWidth).sdr.view(),
                       {.orientation = Orientation::kRightTop});
}

const std::vector<Row> kRows = {
    {"SameSize444", FullBase, 1, 1, {3, 3, 3}, true},
    {"SameSize420", SubsampledBase, 1, 1, {3, 3, 3}, true},
    {"QuarterSize", SubsampledBase, 4, 1, {3, 3, 3}, true},
    {"Progressive", ProgressiveBase, 2, 1, {3, 3, 3}, true},
    {"RgbCoded", RgbBase, 2, 1, {3, 3, 3}, false},
    {"Turned", TurnedBase, 2, 1, {3, 3, 3}, true},
    {"Grey", GreyBase, 2, 1, {3, 3, 3}, false},
    {"ColourMap", FullBase, 1, 3, {3, 3, 3}, true},
    {"PerChannel", FullBase, 1, 3, {3, 2.5, 2}, true},
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

class WrittenFile : public testing::TestWithParam<Row> {};

TEST_P(WrittenFile, PassesEveryCheck) {
  const Row& row = GetParam();
  GainMapMetadata metadata = SceneNumbers();
  metadata.gain_map_max = row.max;
  Written file(row.base(), metadata);
  const Bytes map = SceneMap(row.map_scale, row.map_channels, metadata);
  const auto packaged = WriteJpegR({file.base, &file.stream}, map, metadata, ExifPolicy::kAllow);
  ASSERT_TRUE(packaged.has_value()) << packaged.error().message;
  const auto verified = VerifyJpegR(packaged->bytes, file.expected, {.level = VerifyLevel::kFull});
  ASSERT_TRUE(verified.has_value());
  EXPECT_THAT(verified->failures(), IsEmpty());
  EXPECT_EQ(verified->not_verified_by_libultrahdr.empty(), row.asks_libultrahdr);
  for (const Check& check : verified->checks) {
    if (check.id.starts_with('U')) {
      EXPECT_EQ(check.result, row.asks_libultrahdr ? CheckResult::kPassed : CheckResult::kNotRun)
          << check.id << ": " << check.sentence;
    }
  }

  const auto preview = WritePlainJpeg({file.base, &file.stream}, ExifPolicy::kAllow);
  ASSERT_TRUE(preview.has_value());
  const auto preview_verified = VerifyPreview(preview->bytes, file.expected, {});
  ASSERT_TRUE(preview_verified.has_value());
  EXPECT_THAT(preview_verified->failures(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Rows, WrittenFile, testing::ValuesIn(kRows),
                         [](const auto& row) { return row.param.name; });

// U2 can fail: with the chart's map in place of the scene's the pixels are not ours.
TEST(WrittenFile, AnotherMapsPixelsAreNoticed) {
  test::ChartFile chart;
  // libultrahdr takes the ISO block's numbers, and so do we: a gamma that the map was not made with
  // must show in both alike, so the rendition still agrees ...
  test::ChartIso iso;
  iso.channels[0].gamma = {500'000, 1'000'000};
  chart.map_iso = {iso.Block()};
  const Bytes bytes = chart.Build();
  const auto parsed = ReadGainMapJpeg(bytes, {});
  ASSERT_TRUE(parsed.has_value());
  const auto result = [&](const GainMapJpeg& file) {
    const auto checked = CheckForeignJpeg(bytes, file, {.level = VerifyLevel::kFull});
    for (const Check& check : checked->checks) {
      if (check.id == "U2") return check.result;
    }
    return CheckResult::kNotRun;
  };
  EXPECT_EQ(result(*parsed), CheckResult::kPassed);
  // ... but a reader that reads another number does not.
  GainMapJpeg misread = *parsed;
  misread.map->metadata.gamma = {1, 1, 1};
  EXPECT_EQ(result(misread), CheckResult::kFailed);
}

TEST(LibultrahdrExporter, IsVerifiedAndItsLossesAreNamed) {
  GainMapMetadata metadata = SceneNumbers();
  // A photograph with a comment and an XMP packet of its own.
  Bytes base = SubsampledBase();
  const std::string comment = "a comment";
  Bytes segment{0xFF, 0xFE, 0, static_cast<std::uint8_t>(comment.size() + 2)};
  segment.insert(segment.end(), comment.begin(), comment.end());
  base.insert(base.begin() + 20, segment.begin(), segment.end());
  Written file(base, metadata);
  file.expected.iso_only_container = true;
  const Bytes map = SceneMap(2, 1, metadata);
  const auto packaged =
      WriteJpegRWithLibultrahdr({file.base, &file.stream}, map, metadata, ExifPolicy::kKeep);
  ASSERT_TRUE(packaged.has_value()) << packaged.error().message;
  EXPECT_THAT(packaged->warnings, Contains(HasSubstr("no hdrgm XMP and no GContainer")));
  const auto verified = VerifyJpegR(packaged->bytes, file.expected, {.level = VerifyLevel::kFull});
  ASSERT_TRUE(verified.has_value());
  EXPECT_THAT(verified->failures(), IsEmpty());
  for (const Check& check : verified->checks) {
    if (check.id == "S3" || check.id == "S4" || check.id == "M3" || check.id == "M4") {
      EXPECT_EQ(check.result, CheckResult::kNotRun) << check.id;
    }
  }
}

// A known defect: with offsets 0 and whole stops it writes the compact ISO form, which browsers
// show as SDR. Our checks do not let it pass.
TEST(LibultrahdrExporter, CompactFormIsCaught) {
  GainMapMetadata metadata = SceneNumbers();
  metadata.base_offset = {0, 0, 0};
  metadata.alternate_offset = {0, 0, 0};
  Written file(FullBase(), metadata);
  file.expected.iso_only_container = true;
  const auto packaged = WriteJpegRWithLibultrahdr(
      {file.base, &file.stream}, SceneMap(2, 1, metadata), metadata, ExifPolicy::kKeep);
  ASSERT_TRUE(packaged.has_value()) << packaged.error().message;
  const auto verified = VerifyJpegR(packaged->bytes, file.expected, {});
  ASSERT_TRUE(verified.has_value());
  EXPECT_THAT(verified->failures(), Contains(HasSubstr("compact form")));
}

// A known defect: it drops APP14, so an RGB-coded base would change its colours.
TEST(LibultrahdrExporter, LostApp14IsCaught) {
  const GainMapMetadata metadata = SceneNumbers();
  Written file(RgbBase(), metadata);
  file.expected.iso_only_container = true;
  const auto packaged = WriteJpegRWithLibultrahdr(
      {file.base, &file.stream}, SceneMap(2, 1, metadata), metadata, ExifPolicy::kKeep);
  ASSERT_TRUE(packaged.has_value()) << packaged.error().message;
  EXPECT_THAT(packaged->warnings, Contains(HasSubstr("APP14")));
  const auto verified = VerifyJpegR(packaged->bytes, file.expected, {});
  ASSERT_TRUE(verified.has_value());
  EXPECT_THAT(verified->failures(), Contains(HasSubstr("S7")));
}

// A real phone map on a real edit that still claims the map it lost; and our output once more as a
// base.
TEST(WrittenFile, PhonePairPasses) {
  HDRP_NEEDS_CORPUS();
  const Bytes original = test::ReadCorpus("uhdr/pixel6pro_mishaal_01.jpg");
  const auto reference = ReadGainMapJpeg(original, {});
  ASSERT_TRUE(reference.has_value());
  const auto map = RequireGainMap(*reference);
  ASSERT_TRUE(map.has_value());
  const JpegStream& map_stream = (*map)->stream;
  const ByteView stored =
      ByteView(original).subspan(map_stream.begin, map_stream.end - map_stream.begin);
  Written file(test::ReadCorpus("uhdr/photoshop25_fake_mishaal_01_base.jpg"), (*map)->metadata);
  for (const ExifPolicy policy : {ExifPolicy::kKeep, ExifPolicy::kAllow, ExifPolicy::kStrip}) {
    SCOPED_TRACE(static_cast<int>(policy));
    const auto packaged = WriteJpegR({file.base, &file.stream}, stored, (*map)->metadata, policy);
    ASSERT_TRUE(packaged.has_value());
    const auto verified = VerifyJpegR(packaged->bytes, file.expected, {});
    ASSERT_TRUE(verified.has_value());
    EXPECT_THAT(verified->failures(), IsEmpty());
    EXPECT_THAT(verified->not_verified_by_libultrahdr, IsEmpty());
  }
}

}  // namespace
}  // namespace hdrp
