#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/formatted.h"
#include "decode/gain_map_jpeg.h"
#include "metadata/digest.h"
#include "metadata/iso21496.h"
#include "metadata/mpf.h"
#include "support/make_jpeg.h"

namespace hdrp {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

std::string Segment(int marker, std::string_view payload) {
  const std::size_t length = payload.size() + 2;
  std::string bytes{'\xFF', static_cast<char>(marker), static_cast<char>(length >> 8),
                    static_cast<char>(length & 0xFF)};
  return bytes.append(payload);
}

/// A JPEG with these segments behind its SOI.
std::string Jpeg(int width, int height, const std::string& segments) {
  const Bytes plain = test::MakeJpeg(test::MakeRamps(width, height, 1).view());
  std::string text(AsText(plain));
  return text.insert(2, segments);
}

std::string Packet(const std::string& properties) {
  return "<x:xmpmeta xmlns:x='adobe:ns:meta/'>"
         "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
         "<rdf:Description rdf:about='' xmlns:hdrgm='http://ns.adobe.com/hdr-gain-map/1.0/'"
         " xmlns:Container='http://ns.google.com/photos/1.0/container/'"
         " xmlns:Item='http://ns.google.com/photos/1.0/container/item/'"
         " xmlns:HDRGainMap='http://ns.apple.com/HDRGainMap/1.0/'"
         " xmlns:xmpNote='http://ns.adobe.com/xmp/note/' " +
         properties + "</rdf:Description></rdf:RDF></x:xmpmeta>";
}
std::string Xmp(const std::string& properties) {
  return Segment(0xE1, std::string(kXmpNamespace) + Packet(properties));
}
const std::string kHdrgm =
    Xmp("hdrgm:Version='1.0' hdrgm:GainMapMax='2' hdrgm:HDRCapacityMax='2.5'>");

std::string Item(const std::string& semantic, std::size_t length, std::size_t padding = 0) {
  return Formatted(
      "<rdf:li rdf:parseType='Resource'><Container:Item Item:Semantic='{}' Item:Mime='image/jpeg'"
      " Item:Length='{}' Item:Padding='{}'/></rdf:li>",
      semantic, length, padding);
}
std::string Directory(const std::string& items) {
  return "hdrgm:Version='1.0'><Container:Directory><rdf:Seq>" + items +
         "</rdf:Seq></Container:Directory>";
}

GainMapMetadata Numbers(double max) {
  GainMapMetadata metadata;
  metadata.gain_map_max = {max, max, max};
  metadata.alternate_hdr_headroom = max;
  return metadata;
}
std::string Iso(ByteView payload) {
  return Segment(0xE2, std::string(kIsoNamespace) + std::string(AsText(payload)));
}
std::string Iso(const GainMapMetadata& metadata) { return Iso(WriteIsoBlock(metadata)); }

constexpr std::size_t kMpfSegmentSize = 4 + kMpfPayloadSize;

/// A primary whose MPF says that `size` bytes of map begin `gap` bytes behind its end.
std::string PrimaryWithMpf(const std::string& segments, std::size_t size, int gap = 0) {
  const std::size_t length = Jpeg(40, 30, segments).size() + kMpfSegmentSize;
  const std::size_t header = 2 + 8;
  // The index counts from its own TIFF header; a primary that claims to be longer shifts the map.
  const Bytes payload = WriteMpf(static_cast<std::uint32_t>(length + static_cast<std::size_t>(gap)),
                                 static_cast<std::uint32_t>(size), header);
  return Jpeg(40, 30, Segment(0xE2, AsText(payload)) + segments);
}

GainMapJpeg Parse(const std::string& file) { return ReadGainMapJpeg(AsBytes(file), {}).value(); }

TEST(ReadGainMapJpegTest, FindsTheMapThroughMpf) {
  const std::string map = Jpeg(20, 15, kHdrgm);
  const std::string primary = PrimaryWithMpf(Xmp("hdrgm:Version='1.0'>"), map.size());
  const std::string file = primary + map;
  const GainMapJpeg parsed = Parse(file);
  ASSERT_TRUE(parsed.map);
  EXPECT_EQ(parsed.map->locator, MapLocator::kMpf);
  EXPECT_EQ(parsed.map->stream.begin, primary.size());
  EXPECT_EQ(parsed.map->stream.end, file.size());
  EXPECT_EQ(parsed.map->source, MetadataSource::kXmp);
  EXPECT_EQ(parsed.map->metadata.gain_map_max[2], 2);
  EXPECT_EQ(parsed.map->metadata.alternate_hdr_headroom, 2.5);
  EXPECT_EQ(parsed.map->metadata.base_offset[0], 1.0 / 64);
  EXPECT_EQ(parsed.trailing_bytes, 0U);
  EXPECT_THAT(parsed.problems, IsEmpty());
  EXPECT_THAT(parsed.claims, Contains("hdrgm:Version=\"1.0\" in the primary's XMP"));
  EXPECT_THAT(parsed.claims, Contains("1 further image(s) in MPF"));
  EXPECT_TRUE(RequireGainMap(parsed));
}

TEST(ReadGainMapJpegTest, ReportsSizesThatMpfStatesWrongly) {
  const std::string map = Jpeg(20, 15, kHdrgm);
  const std::string file = PrimaryWithMpf("", map.size() + 7) + map + "tail";
  const GainMapJpeg parsed = Parse(file);
  ASSERT_TRUE(parsed.map);
  EXPECT_EQ(parsed.trailing_bytes, 4U);
  EXPECT_THAT(parsed.problems,
              Contains(Formatted("MPF entry 1: size {} is stated, the gain map has {} bytes",
                                 map.size() + 7, map.size())));
  EXPECT_THAT(parsed.problems, Contains("4 bytes follow the gain map"));
}

TEST(ReadGainMapJpegTest, FindsTheMapThroughTheDirectoryWhereMpfIsWrong) {
  const std::string map = Jpeg(20, 15, kHdrgm);
  const std::string preview = Jpeg(8, 6, "");
  const std::string directory = Xmp(Directory(
      Item("Primary", 0, 3) + Item("Preview", preview.size()) + Item("GainMap", map.size())));
  const std::string file =
      PrimaryWithMpf(directory, map.size(), 5) + "pad" + preview + map + "unlisted";
  const GainMapJpeg parsed = Parse(file);
  ASSERT_TRUE(parsed.map);
  EXPECT_EQ(parsed.map->locator, MapLocator::kDirectoryFromEoi);
  EXPECT_EQ(parsed.map->stream.frame.width, 20);
  EXPECT_THAT(parsed.problems, Contains(HasSubstr("MPF entry 1: no JPEG begins at byte")));
  EXPECT_THAT(parsed.problems, Contains(HasSubstr("found through GContainer")));
}

TEST(ReadGainMapJpegTest, CountsTheDirectoryFromTheFilesEndLast) {
  const std::string map = Jpeg(20, 15, kHdrgm);
  const std::string directory =
      Xmp(Directory(Item("Primary", 0) + Item("GainMap", map.size()) + Item("MotionPhoto", 5)));
  const std::string file = Jpeg(40, 30, directory) + "not in the directory" + map + "video";
  const GainMapJpeg parsed = Parse(file);
  ASSERT_TRUE(parsed.map);
  EXPECT_EQ(parsed.map->locator, MapLocator::kDirectoryFromEnd);
}

TEST(ReadGainMapJpegTest, PassesPreviewsOnTheWayToTheMap) {
  const std::string thumbnail = Jpeg(8, 6, "");
  const std::string preview = Jpeg(16, 12, Segment(0xE1, "Exif" + thumbnail));
  const std::string file = Jpeg(40, 30, "") + preview + "gap" + Jpeg(20, 15, kHdrgm);
  const GainMapJpeg parsed = Parse(file);
  ASSERT_TRUE(parsed.map);
  EXPECT_EQ(parsed.map->locator, MapLocator::kNextStream);
  EXPECT_EQ(parsed.map->stream.frame.width, 20);
}

TEST(ReadGainMapJpegTest, LooksAtNoMoreThan64Places) {
  std::string file = Jpeg(40, 30, Xmp("hdrgm:Version='1.0'>"));
  for (int i = 0; i < 64; ++i) file += "\xFF\xD8\xFF\xE1";
  file += Jpeg(20, 15, kHdrgm);
  EXPECT_FALSE(Parse(file).map);
}

TEST(ReadGainMapJpegTest, PlainFilesHaveNeitherClaimsNorProblems) {
  const GainMapJpeg parsed = Parse(Jpeg(40, 30, ""));
  EXPECT_THAT(parsed.claims, IsEmpty());
  EXPECT_THAT(parsed.problems, IsEmpty());
  const auto required = RequireGainMap(parsed);
  EXPECT_EQ(required.error().code, ErrorCode::kNoGainMap);
  EXPECT_THAT(required.error().message, HasSubstr("neither holds nor announces"));
}

TEST(ReadGainMapJpegTest, ClaimsWithoutAMapSayWhatIsMissing) {
  const std::string primary = Jpeg(
      40, 30,
      Xmp(Directory(Item("Primary", 0) + Item("GainMap", 1234))) + Iso(WriteIsoVersionBlock()));
  const auto required = RequireGainMap(Parse(primary));
  ASSERT_FALSE(required);
  EXPECT_EQ(required.error().code, ErrorCode::kNoGainMap);
  EXPECT_THAT(required.error().message, HasSubstr("a GainMap of 1234 bytes in GContainer"));
  EXPECT_THAT(required.error().message, HasSubstr("an ISO 21496-1 version block in the primary"));
  EXPECT_THAT(required.error().message, HasSubstr("no JPEG follows the primary image"));
}

// Genuine Google files have claim and directory in Extended XMP alone.
TEST(ReadGainMapJpegTest, ReadsExtendedXmp) {
  const std::string map = Jpeg(20, 15, kHdrgm);
  const std::string text = Packet(Directory(Item("Primary", 0) + Item("GainMap", map.size())));
  const std::string guid = Md5Hex(AsBytes(text));
  const auto part = [&](const std::string& name, std::size_t from, std::size_t size) {
    const auto u32 = [](std::size_t value) {
      return std::string{static_cast<char>(value >> 24), static_cast<char>(value >> 16),
                         static_cast<char>(value >> 8), static_cast<char>(value)};
    };
    return Segment(0xE1, std::string(kExtendedXmpNamespace) + name + u32(text.size()) + u32(from) +
                             text.substr(from, size));
  };
  const std::string note = Xmp("xmpNote:HasExtendedXMP='" + guid + "'>");
  const GainMapJpeg parsed =
      Parse(Jpeg(40, 30, note + part(guid, 0, 100) + part(guid, 100, text.size())) + map);
  ASSERT_TRUE(parsed.map);
  EXPECT_EQ(parsed.map->locator, MapLocator::kDirectoryFromEoi);
  EXPECT_THAT(parsed.claims, Contains("hdrgm:Version=\"1.0\" in the primary's XMP"));

  const std::string other_guid(32, 'A');
  const GainMapJpeg false_digest = Parse(
      Jpeg(40, 30,
           Xmp("xmpNote:HasExtendedXMP='" + other_guid + "'>") + part(other_guid, 0, text.size())));
  EXPECT_THAT(false_digest.claims, IsEmpty());
  EXPECT_THAT(false_digest.problems, Contains(HasSubstr("its MD5 is not its GUID")));

  const GainMapJpeg incomplete = Parse(Jpeg(40, 30, note + part(guid, 0, 100)));
  EXPECT_THAT(incomplete.problems, Contains(HasSubstr("Extended XMP cannot be joined")));
}

GainMapJpeg ParseWithMap(const std::string& map_segments) {
  return Parse(Jpeg(40, 30, "") + Jpeg(20, 15, map_segments));
}

TEST(MapNumbersTest, IsoGoesBeforeXmp) {
  const GainMapJpeg parsed = ParseWithMap(kHdrgm + Iso(Numbers(3)));
  ASSERT_TRUE(parsed.map);
  EXPECT_EQ(parsed.map->source, MetadataSource::kIso);
  EXPECT_EQ(parsed.map->metadata.gain_map_max[0], 3);
  EXPECT_THAT(parsed.problems, Contains(HasSubstr("ISO is used: gain_map_max[0] 3 against 2")));
}

TEST(MapNumbersTest, AgreeingIsoAndXmpAreNoProblem) {
  GainMapMetadata metadata = Numbers(2);
  metadata.alternate_hdr_headroom = 2.5009;
  for (const std::string& problem : ParseWithMap(kHdrgm + Iso(metadata)).problems) {
    EXPECT_THAT(problem, testing::Not(HasSubstr("disagree")));
  }
}

TEST(MapNumbersTest, UnreadableIsoLeavesXmp) {
  Bytes newer = WriteIsoBlock(Numbers(3));
  newer[1] = 1;  // minimum_version
  const Bytes short_block(newer.begin(), newer.begin() + 30);
  for (const std::string& iso : {Iso(newer), Iso(short_block)}) {
    const GainMapJpeg parsed = ParseWithMap(iso + kHdrgm);
    ASSERT_TRUE(parsed.map);
    EXPECT_EQ(parsed.map->source, MetadataSource::kXmp);
    EXPECT_THAT(parsed.problems, Contains(HasSubstr("ISO 21496-1 block is passed over")));
    EXPECT_FALSE(ParseWithMap(iso).map);
  }
}

TEST(MapNumbersTest, VersionBlockAloneIsNoMap) {
  EXPECT_FALSE(ParseWithMap(Iso(WriteIsoVersionBlock())).map);
}

TEST(MapNumbersTest, AppleHeadroomFromXmp) {
  const GainMapJpeg parsed =
      ParseWithMap(Xmp("><HDRGainMap:HDRGainMapVersion>131072</HDRGainMap:HDRGainMapVersion>"
                       "<HDRGainMap:HDRGainMapHeadroom>4</HDRGainMap:HDRGainMapHeadroom>"));
  ASSERT_TRUE(parsed.map);
  EXPECT_EQ(parsed.map->source, MetadataSource::kApple);
  EXPECT_EQ(parsed.map->apple_headroom_linear, 4);
  EXPECT_NEAR(parsed.map->metadata.alternate_hdr_headroom, 2, 1e-9);
}

TEST(MapNumbersTest, AppleVersionWithoutHeadroomIsNoMap) {
  const GainMapJpeg parsed = Parse(
      Jpeg(40, 30, Xmp("hdrgm:Version='1.0'>")) +
      Jpeg(20, 15, Xmp("><HDRGainMap:HDRGainMapVersion>65536</HDRGainMap:HDRGainMapVersion>")));
  EXPECT_FALSE(parsed.map);
  EXPECT_THAT(parsed.problems, Contains(HasSubstr("Apple's map has no headroom")));
}

TEST(RequireGainMapTest, RefusesHdrBases) {
  GainMapMetadata metadata = Numbers(3);
  std::swap(metadata.base_hdr_headroom, metadata.alternate_hdr_headroom);
  const GainMapJpeg parsed = ParseWithMap(Iso(metadata));
  ASSERT_TRUE(parsed.map);
  const auto required = RequireGainMap(parsed);
  ASSERT_FALSE(required);
  EXPECT_EQ(required.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(required.error().message, HasSubstr("the base image is the HDR rendition"));
}

TEST(RequireGainMapTest, RefusesBrokenNumbers) {
  GainMapMetadata metadata = Numbers(3);
  metadata.gain_map_min = {4, 4, 4};
  const GainMapJpeg parsed = ParseWithMap(Iso(metadata));
  const auto required = RequireGainMap(parsed);
  ASSERT_FALSE(required);
  EXPECT_EQ(required.error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(required.error().details.size(), 1U);
}

TEST(RequireGainMapTest, AcceptsTheBlackPicture) {
  const GainMapJpeg parsed = ParseWithMap(
      Xmp("hdrgm:Version='1.0' hdrgm:GainMapMax='0' hdrgm:HDRCapacityMax='0.000001'>"));
  EXPECT_TRUE(RequireGainMap(parsed));
}

TEST(RequireGainMapTest, RefusesACutOffMap) {
  std::string file = Jpeg(40, 30, "") + Jpeg(20, 15, kHdrgm);
  file.resize(file.size() - 10);
  const auto required = RequireGainMap(Parse(file));
  ASSERT_FALSE(required);
  EXPECT_EQ(required.error().code, ErrorCode::kBadInput);
}

struct AspectCase {
  std::string name;
  int width, height;
  bool accepted, reported;
};

TEST(RequireGainMapTest, ComparesAspects) {
  const AspectCase rows[] = {
      {"same", 800, 600, true, false},        {"0.25 %", 800, 598, true, false},
      {"0.8 %", 800, 595, true, true},        {"1.4 %", 800, 592, false, true},
      {"transposed", 600, 800, false, true},  {"larger than the base", 1600, 1200, true, false},
      {"rounded sides", 25, 18, true, false}, {"a whole pixel of few", 20, 14, false, true},
  };
  for (const AspectCase& row : rows) {
    SCOPED_TRACE(row.name);
    const GainMapJpeg parsed = Parse(Jpeg(1200, 900, "") + Jpeg(row.width, row.height, kHdrgm));
    EXPECT_EQ(RequireGainMap(parsed).has_value(), row.accepted);
    bool reported = false;
    for (const std::string& problem : parsed.problems) reported |= problem.contains("aspect");
    EXPECT_EQ(reported, row.reported);
  }
}

TEST(ReadGainMapJpegTest, ChecksTheLimits) {
  const std::string file = Jpeg(40, 30, "");
  EXPECT_EQ(ReadGainMapJpeg(AsBytes(file), {.max_pixels = 1199}).error().code,
            ErrorCode::kTooLarge);
  EXPECT_EQ(ReadGainMapJpeg(AsBytes(file), {.max_file_bytes = 10}).error().code,
            ErrorCode::kTooLarge);
  EXPECT_EQ(ReadGainMapJpeg(AsBytes("PNG"), {}).error().code, ErrorCode::kBadInput);
}

}  // namespace
}  // namespace hdrp
