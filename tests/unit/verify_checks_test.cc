// Every way to lie that real files and broken writers were seen to use, one row each: a chart file
// that passes everything, one field changed, and the checks that must name it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "support/chart_file.h"
#include "support/make_jpeg.h"
#include "verify/verify.h"

namespace hdrp {
namespace {

using test::ChartFile;
using test::ChartIso;
using test::ChartMapXmp;
using test::ChartPacket;
using test::ChartPrimaryXmp;
using test::Replaced;

constexpr std::string_view kExif{"Exif\0\0", 6};

Bytes Payload(std::string_view name, const Bytes& content) {
  Bytes payload(name.begin(), name.end());
  payload.insert(payload.end(), content.begin(), content.end());
  return payload;
}

/// A minimal TIFF structure with nothing but the orientation.
Bytes OrientationExif(std::uint8_t orientation) {
  return Payload(kExif, {'M', 'M', 0, 42, 0, 0, 0,           8, 0, 1, 0x01, 0x12, 0,
                         3,   0,   0, 0,  1, 0, orientation, 0, 0, 0, 0,    0,    0});
}

Bytes ExtendedXmp(const std::string& guid, const std::string& text) {
  Bytes payload = Payload({"http://ns.adobe.com/xmp/extension/\0", 35}, {});
  payload.insert(payload.end(), guid.begin(), guid.end());
  const auto size = static_cast<std::uint32_t>(text.size());
  for (const std::uint32_t number : {size, 0U}) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      payload.push_back(static_cast<std::uint8_t>((number >> shift) & 0xFF));
    }
  }
  payload.insert(payload.end(), text.begin(), text.end());
  return payload;
}

GainMapMetadata ChartNumbers() {
  GainMapMetadata metadata;
  metadata.gain_map_max = {2, 2, 2};
  metadata.alternate_hdr_headroom = 2;
  return metadata;
}

ExpectedFile ExpectedChart() {
  ExpectedFile expected;
  expected.metadata = ChartNumbers();
  expected.map_origin = MapOrigin::kPredicted;
  expected.headroom_from_content = true;
  return expected;
}

/// A map of the chart's size that has one code everywhere.
Bytes ConstantMap(std::uint8_t code) {
  Plane<std::uint8_t> flat(256, 256, 1);
  for (int y = 0; y < 256; ++y) std::ranges::fill(flat.view().RowSpan(y), code);
  return test::MakeJpeg(flat.view());
}

/// A chart file on its way to be checked, with what the pipeline would know of it.
struct Case {
  ChartFile file;
  Bytes base_file = file.base;  ///< as handed in; S7 and S8 compare with it
  ExpectedFile expected = ExpectedChart();

  /// All six numbers of the file, and what the pipeline meant, at once.
  void SetNumbers(const std::function<void(ChartIso&)>& change) {
    ChartIso iso;
    change(iso);
    file.map_iso = {iso.Block()};
  }
};

Verification Verified(Case& row, VerifyLevel level = VerifyLevel::kPixels) {
  const Bytes bytes = row.file.Build();
  const Expected<JpegStream> base = WalkJpeg(row.base_file, 0);
  EXPECT_TRUE(base.has_value());
  row.expected.base_file = row.base_file;
  row.expected.base = &*base;
  const auto result = VerifyJpegR(bytes, row.expected, {.level = level});
  EXPECT_TRUE(result.has_value());
  return result.value_or(Verification{});
}

std::vector<std::string> FailedIds(const Verification& verification) {
  std::vector<std::string> ids;
  for (const Check& check : verification.checks) {
    if (check.result == CheckResult::kFailed) ids.emplace_back(check.id);
  }
  return ids;
}

TEST(VerifyJpegR, PassesAGoodFile) {
  Case good;
  const Verification verification = Verified(good, VerifyLevel::kFull);
  EXPECT_THAT(verification.failures(), testing::IsEmpty());
  EXPECT_THAT(verification.warnings(), testing::IsEmpty());
  EXPECT_TRUE(verification.not_verified_by_libultrahdr.empty());
  std::vector<std::string_view> ids;
  for (const Check& check : verification.checks) {
    ids.push_back(check.id);
    EXPECT_EQ(check.result, CheckResult::kPassed) << check.id << ": " << check.sentence;
  }
  EXPECT_THAT(ids,
              testing::UnorderedElementsAre("S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8", "S9",
                                            "S10", "M1", "M2", "M3", "M4", "M5", "M6", "M7", "P1",
                                            "P2", "P3", "P4", "P5", "P6", "U1", "U2"));
}

struct Lie {
  std::string name;
  std::function<void(Case&)> tell;
  std::vector<std::string> ids;  ///< exactly the checks that fail
  std::string says;              ///< in the first one's sentence
};

void PrintTo(const Lie& lie, std::ostream* out) { *out << lie.name; }

class LyingFile : public testing::TestWithParam<Lie> {};

TEST_P(LyingFile, IsNamed) {
  Case row;
  GetParam().tell(row);
  const Verification verification = Verified(row);
  EXPECT_THAT(FailedIds(verification), testing::UnorderedElementsAreArray(GetParam().ids))
      << testing::PrintToString(verification.failures());
  EXPECT_FALSE(verification.passed());
  std::string all;
  for (const std::string& failure : verification.failures()) all += failure + "\n";
  EXPECT_THAT(all, testing::HasSubstr(GetParam().says));
}

const std::vector<Lie> kLies = {
    // Container.
    {"ClaimsOnly",
     [](Case& row) {
       row.file.without_map = true;
       row.file.mpf = false;
     },
     {"S1", "S4"},
     "announced, but absent"},
    {"MapMissing", [](Case& row) { row.file.without_map = true; }, {"S1", "S4"}, "no gain map"},
    {"MapCutOff", [](Case& row) { row.file.cut = 100; }, {"S1", "S2", "S4", "P1", "U1"}, "EOI"},
    {"GapBetweenStreams", [](Case& row) { row.file.gap = 8; }, {"S1", "S4"}, "right after"},
    {"TrailingBytes", [](Case& row) { row.file.trailing = 100; }, {"S1"}, "100 bytes follow"},
    {"NoMpf", [](Case& row) { row.file.mpf = false; }, {"S2"}, "found 0"},
    {"MpfUnsorted", [](Case& row) { row.file.mpf_unsorted = true; }, {"S2"}, "order"},
    {"MpfPrimaryType", [](Case& row) { row.file.mpf_first_type = 0; }, {"S2"}, "0x030000"},
    {"MpfOffset", [](Case& row) { row.file.mpf_offset_lie = 7; }, {"S2"}, "starts at"},
    {"MpfOffsetFromFileStart",
     [](Case& row) { row.file.mpf_from_file_start = true; },
     {"S2"},
     "counted from the start of the file"},
    {"MpfMapSizeSmall", [](Case& row) { row.file.mpf_map_size_lie = -100; }, {"S2"}, "size"},
    {"MpfMapSizeLarge", [](Case& row) { row.file.mpf_map_size_lie = 100; }, {"S2"}, "size"},
    {"MpfPrimarySize", [](Case& row) { row.file.mpf_primary_size_lie = -307; }, {"S2"}, "entry 0"},
    {"DirectoryLength", [](Case& row) { row.file.length_lie = -2; }, {"S4"}, "Length"},
    {"DirectoryMime",
     [](Case& row) {
       row.file.primary_xmp = {Replaced(ChartPrimaryXmp(), "image/jpeg", "image/heic")};
     },
     {"S4"},
     "Mime"},
    {"NoDirectory",
     [](Case& row) { row.file.primary_xmp = {ChartPacket("hdrgm:Version=\"1.0\"")}; },
     {"S4"},
     "no GContainer"},
    {"PrimaryVersion",
     [](Case& row) {
       row.file.primary_xmp = {Replaced(ChartPrimaryXmp(), "Version=\"1.0\"", "Version=\"1\"")};
     },
     {"S4"},
     "expected \"1.0\""},
    {"SecondPacket",
     [](Case& row) { row.file.primary_xmp.insert(row.file.primary_xmp.begin(), ChartPacket("")); },
     {"S3"},
     "2 XMP packets"},
    {"BrokenXml", [](Case& row) { row.file.map_xmp = {"<x:xmpmeta"}; }, {"S3", "M3"}, "gain map"},
    {"NamespaceOnXmpmeta",
     [](Case& row) {
       const std::string declaration = "xmlns:hdrgm=\"http://ns.adobe.com/hdr-gain-map/1.0/\"";
       const std::string packet = Replaced(ChartPrimaryXmp(), declaration, "");
       row.file.primary_xmp = {Replaced(packet, "<x:xmpmeta ", "<x:xmpmeta " + declaration + " ")};
     },
     {"S3"},
     "outside"},
    {"NoIsoVersionBlock", [](Case& row) { row.file.primary_iso.clear(); }, {"S5"}, "0 ISO"},
    {"FullIsoBlockInPrimary",
     [](Case& row) { row.file.primary_iso = {ChartIso{}.Block()}; },
     {"S5"},
     "61 bytes"},
    {"IccOnMap",
     [](Case& row) {
       row.file.map_segments = {{0xE2, Payload({"ICC_PROFILE\0", 12}, {1, 1, 0, 0, 0, 0})}};
     },
     {"S6"},
     "ICC"},
    {"OrientationOnMap",
     [](Case& row) { row.file.map_segments = {{0xE1, OrientationExif(6)}}; },
     {"S6", "M7"},
     "EXIF"},
    {"OrientationOnPrimary",
     [](Case& row) { row.file.primary_segments = {{0xE1, OrientationExif(6)}}; },
     {"M7"},
     "orientation is 6"},
    {"IccOnPrimary",
     [](Case& row) {
       row.file.primary_segments = {{0xE2, Payload({"ICC_PROFILE\0", 12}, {1, 1, 9, 9, 9, 9})}};
     },
     {"M7"},
     "ICC profile"},
    {"IccChunkMissing",
     [](Case& row) {
       row.file.primary_segments = {{0xE2, Payload({"ICC_PROFILE\0", 12}, {1, 2, 9, 9, 9, 9})}};
     },
     {"S7"},
     "ICC"},
    {"RgbBaseLosesApp14",
     [](Case& row) {
       // APP14 stands right behind SOI; the file keeps the scans alone.
       row.base_file =
           test::MakeJpeg(test::MakeRamps(256, 256, 3).view(), {.color = test::JpegColor::kRgb});
       row.file.base = row.base_file;
       row.file.base.erase(row.file.base.begin() + 2, row.file.base.begin() + 18);
     },
     {"S7"},
     "RGB"},
    {"ReencodedBase",
     [](Case& row) {
       row.file.base = test::MakeJpeg(test::MakeRamps(256, 256, 3).view(), {.quality = 80});
     },
     {"S8"},
     "differ"},
    {"AnotherSize",
     [](Case& row) { row.file.base = test::MakeJpeg(test::MakeRamps(240, 240, 3).view()); },
     {"S8", "M7"},
     "240x240"},
    {"AppleLeftOver",
     [](Case& row) {
       row.file.primary_xmp = {
           ChartPrimaryXmp("xmlns:HDRGainMap=\"http://ns.apple.com/HDRGainMap/1.0/\" "
                           "HDRGainMap:HDRGainMapVersion=\"65536\"")};
     },
     {"S9"},
     "Apple"},
    {"MotionPhotoLeftOver",
     [](Case& row) {
       row.file.primary_xmp = {
           ChartPrimaryXmp("xmlns:GCamera=\"http://ns.google.com/photos/1.0/camera/\" "
                           "GCamera:MotionPhoto=\"1\"")};
     },
     {"S9"},
     "motion photo"},
    {"NumbersInPrimary",
     [](Case& row) { row.file.primary_xmp = {ChartPrimaryXmp("hdrgm:GainMapMax=\"3\"")}; },
     {"S9"},
     "numbers of its own"},
    {"ExtendedXmpDigest",
     [](Case& row) {
       const std::string guid = "0123456789ABCDEF0123456789ABCDEF";
       row.file.primary_xmp = {
           ChartPrimaryXmp("xmlns:xmpNote=\"http://ns.adobe.com/xmp/note/\" "
                           "xmpNote:HasExtendedXMP=\"" +
                           guid + "\"")};
       row.file.primary_segments = {{0xE1, ExtendedXmp(guid, ChartPacket(""))}};
     },
     {"S10"},
     "MD5"},
    {"ExtendedXmpMissing",
     [](Case& row) {
       row.file.primary_xmp = {
           ChartPrimaryXmp("xmlns:xmpNote=\"http://ns.adobe.com/xmp/note/\" "
                           "xmpNote:HasExtendedXMP=\"0123456789ABCDEF0123456789ABCDEF\"")};
     },
     {"S10"},
     "no part"},

    // Numbers.
    {"MinimumVersion",
     [](Case& row) { row.SetNumbers([](ChartIso& iso) { iso.minimum_version = 1; }); },
     {"M1", "M4", "U1"},
     "minimum_version 1"},
    {"CompactIso",
     [](Case& row) {
       // Flag 0x08: one common denominator, then numerators alone.
       row.file.map_iso = {{0, 0, 0, 0, 0x48, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0,
                            0, 0, 0, 0, 0,    2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0}};
       const GainMapMetadata meant = ChartNumbers();
       row.expected.metadata = meant;
       row.expected.metadata.base_offset = {0, 0, 0};
       row.expected.metadata.alternate_offset = {0, 0, 0};
       row.file.map_xmp = {Replaced(Replaced(ChartMapXmp(), "0.015625", "0"), "0.015625", "0")};
     },
     {"S5", "M1"},
     "compact"},
    {"DraftFlag",
     [](Case& row) { row.SetNumbers([](ChartIso& iso) { iso.flags = 0x44; }); },
     {"M1", "U1"},
     "0x04"},
    {"UnknownFlag",
     [](Case& row) { row.SetNumbers([](ChartIso& iso) { iso.flags = 0x41; }); },
     {"M1"},
     "0x41"},
    {"ZeroDenominator",
     [](Case& row) { row.SetNumbers([](ChartIso& iso) { iso.alternate_headroom = {2, 0}; }); },
     {"M1", "M4", "U1"},
     "denominator"},
    {"BlockCutShort",
     [](Case& row) { row.file.map_iso.front().resize(50); },
     {"S5", "M1", "M4", "U1"},
     "50 bytes"},
    {"EqualHeadrooms",
     [](Case& row) {
       row.SetNumbers([](ChartIso& iso) { iso.alternate_headroom = {0, 1}; });
       row.expected.metadata.alternate_hdr_headroom = 0;
       row.file.map_xmp = {Replaced(ChartMapXmp(), "HDRCapacityMax=\"2\"", "HDRCapacityMax=\"0\"")};
     },
     {"M2", "M6"},
     "headroom"},
    {"SwappedHeadrooms",
     [](Case& row) {
       row.SetNumbers([](ChartIso& iso) { std::swap(iso.base_headroom, iso.alternate_headroom); });
     },
     {"M2", "M4", "M5", "M6", "P5"},
     "headroom"},
    {"GammaZero",
     [](Case& row) { row.SetNumbers([](ChartIso& iso) { iso.channels[0].gamma = {0, 1}; }); },
     {"M2", "M4", "M5"},
     "gamma"},
    {"MaxBelowMin",
     [](Case& row) {
       row.SetNumbers([](ChartIso& iso) { std::swap(iso.channels[0].min, iso.channels[0].max); });
     },
     {"M2", "M4", "M5", "M6", "P3", "P4"},
     "max"},
    {"NegativeOffset",
     [](Case& row) {
       row.SetNumbers([](ChartIso& iso) { iso.channels[0].alternate_offset = {-1, 64}; });
     },
     {"M2", "M4", "M5"},
     "offset"},
    {"DegenerateMap",
     [](Case& row) {
       row.SetNumbers([](ChartIso& iso) {
         iso.channels[0].max = {0, 1};
         iso.alternate_headroom = {1, 1'000'000};
       });
     },
     {"M2", "M4", "M5", "P3"},
     "max"},
    {"AttributeMissing",
     [](Case& row) { row.file.map_xmp = {Replaced(ChartMapXmp(), "hdrgm:Gamma=\"1\"", "")}; },
     {"M3"},
     "hdrgm:Gamma"},
    {"Exponent",
     [](Case& row) { row.file.map_xmp = {Replaced(ChartMapXmp(), "0.015625", "1.5625e-2")}; },
     {"M3"},
     "plain decimal"},
    {"FalseInLowerCase",
     [](Case& row) { row.file.map_xmp = {Replaced(ChartMapXmp(), "False", "false")}; },
     {"M3"},
     "BaseRenditionIsHDR"},
    {"MapVersion",
     [](Case& row) {
       row.file.map_xmp = {Replaced(ChartMapXmp(), "Version=\"1.0\"", "Version=\"1\"")};
     },
     {"M3"},
     "hdrgm:Version"},
    {"XmpSaysOneStop",
     [](Case& row) {
       row.file.map_xmp = {Replaced(ChartMapXmp(), "GainMapMax=\"2\"", "GainMapMax=\"1\"")};
     },
     {"M4"},
     "disagree"},
    {"SloppyOffset",
     [](Case& row) { row.file.map_xmp = {Replaced(ChartMapXmp(), "0.015625", "0.01562")}; },
     {"M4"},
     "base_offset"},
    {"AnotherPhotosBlock",
     [](Case& row) {
       row.SetNumbers([](ChartIso& iso) {
         iso.channels[0].max = {2'681'640, 1'000'000};
         iso.channels[0].gamma = {874'512, 1'000'000};
         iso.alternate_headroom = {2'681'640, 1'000'000};
       });
       row.file.map_xmp = {
           Replaced(Replaced(Replaced(ChartMapXmp(), "GainMapMax=\"2\"", "GainMapMax=\"2.68164\""),
                             "Gamma=\"1\"", "Gamma=\"0.874512\""),
                    "HDRCapacityMax=\"2\"", "HDRCapacityMax=\"2.68164\"")};
     },
     {"M5"},
     "meant"},
    {"GainsOutsideBasePrimaries",
     [](Case& row) { row.SetNumbers([](ChartIso& iso) { iso.flags = 0; }); },
     {"M5"},
     "outside"},
    {"GenericCapacity",
     [](Case& row) {
       row.SetNumbers([](ChartIso& iso) { iso.alternate_headroom = {5'622'000, 1'000'000}; });
       row.file.map_xmp = {
           Replaced(ChartMapXmp(), "HDRCapacityMax=\"2\"", "HDRCapacityMax=\"5.622\"")};
       row.expected.metadata.alternate_hdr_headroom = 5.622;
     },
     {"M6"},
     "5.622"},

    // Samples.
    {"AnotherAspect",
     [](Case& row) { row.file.map = test::MakeJpeg(test::MakeRamps(256, 200, 1).view()); },
     {"P1"},
     "aspect"},
    {"TruncatedScans",
     [](Case& row) {
       // The scan ends early, but with an EOI.
       row.file.map.erase(row.file.map.end() - 500, row.file.map.end() - 2);
     },
     {"P1", "P2", "M6"},
     "libjpeg"},
    {"ConstantMap", [](Case& row) { row.file.map = ConstantMap(200); }, {"P2", "M6"}, "constant"},
    {"HalfTheRange",
     [](Case& row) {
       Plane<std::uint8_t> ramps = test::MakeRamps(256, 256, 1);
       for (int y = 0; y < 256; ++y) {
         for (std::uint8_t& code : ramps.view().RowSpan(y)) code /= 2;
       }
       row.file.map = test::MakeJpeg(ramps.view());
     },
     {"P2", "M6"},
     "highest code"},
    {"BlackMap",
     [](Case& row) { row.file.map = test::MakeJpeg(Plane<std::uint8_t>(256, 256, 1).view()); },
     {"P2", "P3", "M6"},
     "lifts nothing"},
    {"GreyMapInColour",
     [](Case& row) {
       Plane<std::uint8_t> grey(256, 256, 3);
       for (int y = 0; y < 256; ++y) {
         for (int x = 0; x < 256; ++x) {
           for (int c = 0; c < 3; ++c) grey.view().At(x, y, c) = static_cast<std::uint8_t>(x);
         }
       }
       row.file.map = test::MakeJpeg(grey.view());
     },
     {"P6"},
     "three components"},
};

INSTANTIATE_TEST_SUITE_P(Rows, LyingFile, testing::ValuesIn(kLies),
                         [](const auto& row) { return row.param.name; });

TEST(VerifyJpegR, AFileThatIsNoJpegFailsS1) {
  Case row;
  const Expected<JpegStream> base = WalkJpeg(row.base_file, 0);
  row.expected.base = &*base;
  const auto result = VerifyJpegR(Bytes(100), row.expected, {});
  ASSERT_TRUE(result.has_value());
  EXPECT_THAT(FailedIds(*result), testing::ElementsAre("S1"));
}

TEST(VerifyJpegR, LessThanPixelsLeavesTheirChecksOut) {
  Case row;
  row.file.map = test::MakeJpeg(Plane<std::uint8_t>(256, 256, 1).view());  // black
  const Verification verification = Verified(row, VerifyLevel::kStructure);
  EXPECT_TRUE(verification.passed());
  for (const Check& check : verification.checks) {
    if (!check.id.starts_with('P')) continue;
    EXPECT_EQ(check.result, CheckResult::kNotRun) << check.id;
  }
}

TEST(VerifyJpegR, ACopiedConstantMapIsAWarning) {
  Case row;
  row.file.map = ConstantMap(255);
  row.expected.map_origin = MapOrigin::kCopied;
  row.expected.headroom_from_content = false;
  const Verification verification = Verified(row);
  EXPECT_THAT(verification.failures(), testing::IsEmpty());
  EXPECT_THAT(verification.warnings(), testing::ElementsAre(testing::HasSubstr("constant")));
}

// A frame that is lifted as a whole: the range's top says by how much.
TEST(VerifyJpegR, APredictedMapMayBeItsTopEverywhere) {
  Case row;
  row.file.map = ConstantMap(255);
  row.expected.map_origin = MapOrigin::kPredicted;
  const Verification verification = Verified(row);
  EXPECT_THAT(verification.failures(), testing::IsEmpty());
  EXPECT_THAT(verification.warnings(), testing::IsEmpty());
  row.expected.map_origin = MapOrigin::kDerived;
  EXPECT_FALSE(Verified(row).passed());
}

/// What P2 says of a copied map that leaves the upper half of its range unused.
CheckResult HalfARangeOf(std::int64_t top_millionths, std::int64_t offset_millionths) {
  Case row;
  Plane<std::uint8_t> ramps = test::MakeRamps(256, 256, 1);
  for (int y = 0; y < 256; ++y) {
    for (std::uint8_t& code : ramps.view().RowSpan(y)) code /= 2;
  }
  row.file.map = test::MakeJpeg(ramps.view());
  row.SetNumbers([&](ChartIso& iso) {
    iso.channels[0].max.numerator = top_millionths;
    iso.alternate_headroom.numerator = top_millionths;
    iso.channels[0].base_offset.numerator = offset_millionths;
    iso.channels[0].alternate_offset.numerator = offset_millionths;
  });
  row.expected.map_origin = MapOrigin::kCopied;
  row.expected.headroom_from_content = false;
  const Verification verification = Verified(row);
  const auto p2 = std::ranges::find(verification.checks, "P2", &Check::id);
  return p2->result;
}

TEST(VerifyJpegR, OnlyAMeasuredRangeMayBeAnotherPictures) {
  constexpr std::int64_t kOffset = 15'625;
  EXPECT_EQ(HalfARangeOf(2'681'640, kOffset), CheckResult::kWarning);  // another phone's
  EXPECT_EQ(HalfARangeOf(1'053'013, kOffset), CheckResult::kWarning);
  EXPECT_EQ(HalfARangeOf(2'180'397, 0), CheckResult::kPassed);        // a camera's, of Apple's kind
  EXPECT_EQ(HalfARangeOf(5'622'380, kOffset), CheckResult::kPassed);  // 10,000 cd/m2
  EXPECT_EQ(HalfARangeOf(2'300'448, kOffset), CheckResult::kPassed);  // 1,000 cd/m2
  EXPECT_EQ(HalfARangeOf(2'584'963, kOffset), CheckResult::kPassed);  // six times white
  EXPECT_EQ(HalfARangeOf(3'000'000, kOffset), CheckResult::kPassed);
  EXPECT_EQ(HalfARangeOf(2'300'000, kOffset), CheckResult::kPassed);
}

TEST(VerifyJpegR, ADerivedHeadroomIsTheRenditionsPeak) {
  Case row;  // a base of ramps: dark places under the highest codes
  row.expected.map_origin = MapOrigin::kDerived;
  row.expected.linear_of_base = [](std::span<const std::uint8_t> codes, std::span<float> linear) {
    for (std::size_t i = 0; i < linear.size(); ++i) {
      linear[i] = 0.1F * static_cast<float>(codes[codes.size() == linear.size() ? i : i / 3]) / 255;
    }
  };
  EXPECT_THAT(FailedIds(Verified(row)), testing::ElementsAre("M6"));
}

TEST(VerifyJpegR, StopsWhenAsked) {
  Case row;
  const Bytes bytes = row.file.Build();
  const Expected<JpegStream> base = WalkJpeg(row.base_file, 0);
  row.expected.base = &*base;
  std::stop_source stop;
  stop.request_stop();
  const auto result = VerifyJpegR(bytes, row.expected, {.stop = {stop.get_token(), std::nullopt}});
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::kInterrupted);
}

// What libultrahdr is known to refuse is left to our own reader, and said by name.
TEST(VerifyJpegR, NamesWhatLibultrahdrCannotJudge) {
  Case row;
  row.base_file = test::MakeJpeg(test::MakeRamps(256, 256, 1).view());
  row.file.base = row.base_file;
  const Verification verification = Verified(row);
  EXPECT_THAT(verification.failures(), testing::IsEmpty());
  EXPECT_THAT(verification.not_verified_by_libultrahdr,
              testing::ElementsAre(testing::HasSubstr("grey")));
  for (const Check& check : verification.checks) {
    if (!check.id.starts_with('U')) continue;
    EXPECT_EQ(check.result, CheckResult::kNotRun) << check.id;
  }
}

// The same lies in a stranger's file: reported, with what readers can do without as a warning.
struct ForeignRow {
  std::string name;
  std::function<void(ChartFile&)> tell;
  std::string id;
  CheckResult result;
};
void PrintTo(const ForeignRow& row, std::ostream* out) { *out << row.name; }

class ForeignFile : public testing::TestWithParam<ForeignRow> {};

TEST_P(ForeignFile, IsReported) {
  ChartFile file;
  GetParam().tell(file);
  const Bytes bytes = file.Build();
  const auto parsed = ReadGainMapJpeg(bytes, {});
  ASSERT_TRUE(parsed.has_value());
  const auto verification = CheckForeignJpeg(bytes, *parsed, {});
  ASSERT_TRUE(verification.has_value());
  for (const Check& check : verification->checks) {
    if (check.id != GetParam().id) continue;
    EXPECT_EQ(check.result, GetParam().result) << check.sentence;
  }
}

const std::vector<ForeignRow> kForeignRows = {
    {"ClaimsOnly", [](ChartFile& file) { file.without_map = true; }, "S4", CheckResult::kFailed},
    {"StalePrimarySize", [](ChartFile& file) { file.mpf_primary_size_lie = -307; }, "S2",
     CheckResult::kWarning},
    {"WrongMpfOffset", [](ChartFile& file) { file.mpf_from_file_start = true; }, "S2",
     CheckResult::kFailed},
    {"TrailingBytes", [](ChartFile& file) { file.trailing = 112; }, "S1", CheckResult::kWarning},
    {"IsoOnly",
     [](ChartFile& file) {
       file.primary_xmp.clear();
       file.map_xmp.clear();
     },
     "S3", CheckResult::kWarning},
    {"XmpOnly",
     [](ChartFile& file) {
       file.primary_iso.clear();
       file.map_iso.clear();
     },
     "S5", CheckResult::kWarning},
    {"MissingAttribute",
     [](ChartFile& file) { file.map_xmp = {Replaced(ChartMapXmp(), "hdrgm:Gamma=\"1\"", "")}; },
     "M3", CheckResult::kWarning},
    {"RoundedDifferently",
     [](ChartFile& file) { file.map_xmp = {Replaced(ChartMapXmp(), "0.015625", "0.0156")}; }, "M4",
     CheckResult::kPassed},
    {"XmpAgainstIso",
     [](ChartFile& file) {
       file.map_xmp = {Replaced(ChartMapXmp(), "GainMapMax=\"2\"", "GainMapMax=\"1\"")};
     },
     "M4", CheckResult::kFailed},
    {"NegativeOffset",
     [](ChartFile& file) {
       ChartIso iso;
       iso.channels[0].alternate_offset = {-1, 64};
       file.map_iso = {iso.Block()};
     },
     "M2", CheckResult::kWarning},
    {"BaseNotKnown", [](ChartFile&) {}, "S8", CheckResult::kNotRun},
    {"NumbersNotKnown", [](ChartFile&) {}, "M5", CheckResult::kNotRun},
};

INSTANTIATE_TEST_SUITE_P(Rows, ForeignFile, testing::ValuesIn(kForeignRows),
                         [](const auto& row) { return row.param.name; });

struct PreviewRow {
  std::string name;
  std::function<void(ChartFile&)> tell;
  std::vector<std::string> ids;
};
void PrintTo(const PreviewRow& row, std::ostream* out) { *out << row.name; }

class Preview : public testing::TestWithParam<PreviewRow> {};

TEST_P(Preview, IsChecked) {
  Case row;
  row.file.without_map = true;
  row.file.mpf = false;
  row.file.primary_xmp.clear();
  row.file.primary_iso.clear();
  GetParam().tell(row.file);
  const Bytes bytes = row.file.Build();
  const Expected<JpegStream> base = WalkJpeg(row.base_file, 0);
  row.expected.base = &*base;
  const auto verification = VerifyPreview(bytes, row.expected, {});
  ASSERT_TRUE(verification.has_value());
  EXPECT_THAT(FailedIds(*verification), testing::UnorderedElementsAreArray(GetParam().ids))
      << testing::PrintToString(verification->failures());
}

const std::vector<PreviewRow> kPreviewRows = {
    {"Plain", [](ChartFile&) {}, {}},
    {"StaleClaim", [](ChartFile& file) { file.primary_xmp = {ChartPrimaryXmp()}; }, {"S9"}},
    {"StaleIsoBlock", [](ChartFile& file) { file.primary_iso = {Bytes(4)}; }, {"S9"}},
    {"Map", [](ChartFile& file) { file.without_map = false; }, {"S1"}},
    {"Turned",
     [](ChartFile& file) { file.primary_segments = {{0xE1, OrientationExif(3)}}; },
     {"M7"}},
    {"Reencoded",
     [](ChartFile& file) { file.base = test::MakeJpeg(test::MakeRamps(256, 256, 3).view()); },
     {"S8"}},
};

INSTANTIATE_TEST_SUITE_P(Rows, Preview, testing::ValuesIn(kPreviewRows),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace hdrp
