// What the writer puts into a file, byte by byte: read back here by a few lines of code that share
// nothing with the writer or with our readers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "metadata/digest.h"
#include "package/jpeg_r.h"
#include "support/chart_file.h"
#include "support/corpus.h"
#include "support/make_jpeg.h"

namespace hdrp {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string kXmpName("http://ns.adobe.com/xap/1.0/\0", 29);
const std::string kExtendedName("http://ns.adobe.com/xmp/extension/\0", 35);
const std::string kIsoName("urn:iso:std:iso:ts:21496:-1\0", 28);
const std::string kExifName("Exif\0\0", 6);
const std::string kIccName("ICC_PROFILE\0", 12);
const std::string kPhotoshopName("Photoshop 3.0\0", 14);

struct Segment {
  int marker = 0;
  std::string payload;
  std::size_t position = 0;  ///< of the 0xFF
};

std::string Text(ByteView bytes) { return std::string(AsText(bytes)); }

/// The segments from a SOI up to the first SOS.
std::vector<Segment> HeaderAt(const Bytes& file, std::size_t soi) {
  std::vector<Segment> segments;
  EXPECT_EQ(file[soi], 0xFF);
  EXPECT_EQ(file[soi + 1], 0xD8);
  std::size_t at = soi + 2;
  while (file[at + 1] != 0xDA) {
    EXPECT_EQ(file[at], 0xFF);
    const std::size_t length = static_cast<std::size_t>(file[at + 2]) << 8 | file[at + 3];
    segments.push_back({file[at + 1], Text(ByteView(file).subspan(at + 4, length - 2)), at});
    at += 2 + length;
  }
  return segments;
}

bool IsHeader(const Segment& segment) {
  return (segment.marker >= 0xE0 && segment.marker <= 0xEF) || segment.marker == 0xFE;
}

/// "JFIF", "Exif", "XMP" ...: a header segment in one word.
std::string WordOf(const Segment& segment) {
  const std::vector<std::pair<std::string, std::string>> words = {
      {"JFIF", "JFIF"},
      {"JFXX", "JFXX"},
      {kExifName, "Exif"},
      {kXmpName, "XMP"},
      {kExtendedName, "Extended"},
      {kIccName, "ICC"},
      {kIsoName, "ISO"},
      {std::string("MPF\0", 4), "MPF"},
      {kPhotoshopName, "IPTC"},
      {"Adobe", "Adobe"},
  };
  for (const auto& [prefix, word] : words) {
    if (segment.payload.starts_with(prefix)) return word;
  }
  return segment.marker == 0xFE ? "COM" : "APP" + std::to_string(segment.marker - 0xE0);
}

std::vector<std::string> Words(const Bytes& file, std::size_t soi = 0) {
  std::vector<std::string> words;
  for (const Segment& segment : HeaderAt(file, soi)) {
    if (IsHeader(segment)) words.push_back(WordOf(segment));
  }
  return words;
}

std::vector<std::string> Payloads(const Bytes& file, const std::string& word, std::size_t soi = 0) {
  std::vector<std::string> payloads;
  for (const Segment& segment : HeaderAt(file, soi)) {
    if (IsHeader(segment) && WordOf(segment) == word) payloads.push_back(segment.payload);
  }
  return payloads;
}

/// The bytes from the first table on: they must survive untouched.
std::string Picture(const Bytes& file, std::size_t soi, std::size_t end) {
  for (const Segment& segment : HeaderAt(file, soi)) {
    if (!IsHeader(segment)) {
      return Text(ByteView(file).subspan(segment.position, end - segment.position));
    }
  }
  return {};
}

std::uint32_t BigEndian(const std::string& bytes, std::size_t at, int count = 4) {
  std::uint32_t value = 0;
  for (int i = 0; i < count; ++i) {
    value = value << 8 | static_cast<std::uint8_t>(bytes[at + static_cast<std::size_t>(i)]);
  }
  return value;
}

/// A JPEG with these (marker, payload) segments behind its JFIF segment (or behind SOI).
Bytes With(Bytes jpeg, const std::vector<std::pair<int, std::string>>& segments,
           bool behind_tables = false) {
  std::string header;
  for (const auto& [marker, payload] : segments) {
    header += '\xFF';
    header += static_cast<char>(marker);
    header += static_cast<char>((payload.size() + 2) >> 8);
    header += static_cast<char>((payload.size() + 2) & 0xFF);
    header += payload;
  }
  std::size_t at = 2;
  for (const Segment& segment : HeaderAt(jpeg, 0)) {
    const bool skipped = segment.marker == 0xE0 || (behind_tables && segment.marker != 0xDA);
    if (skipped) at = segment.position + segment.payload.size() + 4;
  }
  jpeg.insert(jpeg.begin() + static_cast<std::ptrdiff_t>(at), header.begin(), header.end());
  return jpeg;
}

Bytes PlainBase() { return test::MakeJpeg(test::MakeRamps(64, 48, 3).view(), {.quality = 90}); }
Bytes PlainMap() { return test::MakeJpeg(test::MakeRamps(16, 12, 1).view(), {.quality = 90}); }

GainMapMetadata Numbers() {
  GainMapMetadata metadata;
  metadata.gain_map_max = {2, 2, 2};
  metadata.alternate_hdr_headroom = 2;
  return metadata;
}

Expected<PackagedJpeg> TryWrite(const Bytes& base, ExifPolicy policy = ExifPolicy::kKeep,
                                const Bytes& map = PlainMap(),
                                const GainMapMetadata& metadata = Numbers()) {
  const Expected<JpegStream> stream = WalkJpeg(base, 0);
  EXPECT_TRUE(stream.has_value());
  return WriteJpegR({base, &*stream}, map, metadata, policy);
}

PackagedJpeg Write(const Bytes& base, ExifPolicy policy = ExifPolicy::kKeep,
                   const Bytes& map = PlainMap(), const GainMapMetadata& metadata = Numbers()) {
  Expected<PackagedJpeg> written = TryWrite(base, policy, map, metadata);
  EXPECT_TRUE(written.has_value()) << written.error().message;
  return written ? *std::move(written) : PackagedJpeg{};
}

PackagedJpeg WritePlain(const Bytes& base, ExifPolicy policy = ExifPolicy::kKeep) {
  const Expected<JpegStream> stream = WalkJpeg(base, 0);
  Expected<PackagedJpeg> written = WritePlainJpeg({base, &*stream}, policy);
  EXPECT_TRUE(written.has_value()) << written.error().message;
  return written ? *std::move(written) : PackagedJpeg{};
}

std::string UserXmp(const std::string& attributes, const std::string& children = "") {
  return kXmpName +
         "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
         "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description "
         "rdf:about=\"\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" "
         "xmlns:xmpNote=\"http://ns.adobe.com/xmp/note/\" " +
         attributes + ">" + children + "</rdf:Description></rdf:RDF></x:xmpmeta>";
}

/// A TIFF structure that holds the orientation alone.
const std::string kTiff("MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0", 26);

std::string Icc(int index, int count, const std::string& data) {
  return kIccName + static_cast<char>(index) + static_cast<char>(count) + data;
}

/// A base with one segment of every kind, in an order that is not ours.
Bytes FullBase() {
  return With(PlainBase(), {{0xFE, "a comment"},
                            {0xEB, std::string("JP\0\x01 manifest", 13)},
                            {0xE2, Icc(1, 2, "first")},
                            {0xE4, "maker data"},
                            {0xE1, UserXmp("xmp:Rating=\"4\"")},
                            {0xEA, std::string("AROT\0\0", 6)},
                            {0xE1, kExifName + kTiff},
                            {0xE2, Icc(2, 2, "second")}});
}

TEST(WriteJpegR, PutsSegmentsInTheOneOrder) {
  const PackagedJpeg written = Write(FullBase());
  EXPECT_THAT(Words(written.bytes), ElementsAre("JFIF", "Exif", "XMP", "ICC", "ICC", "COM", "APP11",
                                                "APP4", "APP10", "ISO", "MPF"));
  EXPECT_THAT(Words(written.bytes, written.primary_size), ElementsAre("JFIF", "XMP", "ISO"));
}

TEST(WriteJpegR, CopiesEveryTableAndScan) {
  struct Row {
    std::string name;
    test::JpegRecipe recipe;
  };
  for (const Row& row :
       {Row{"baseline", {}}, Row{"progressive", {.coding = test::JpegCoding::kProgressive}},
        Row{"RGB", {.color = test::JpegColor::kRgb}},
        Row{"restart markers", {.restart_rows = 1}}}) {
    SCOPED_TRACE(row.name);
    const Bytes base = test::MakeJpeg(test::MakeRamps(64, 48, 3).view(), row.recipe);
    const Bytes map = test::MakeJpeg(test::MakeRamps(16, 12, 3).view(), row.recipe);
    const PackagedJpeg written = Write(base, ExifPolicy::kAllow, map);
    EXPECT_EQ(Picture(written.bytes, 0, written.primary_size), Picture(base, 0, base.size()));
    EXPECT_EQ(Picture(written.bytes, written.primary_size, written.bytes.size()),
              Picture(map, 0, map.size()));
  }
}

TEST(WriteJpegR, AnnouncesTheMapWhereItIs) {
  const PackagedJpeg written = Write(FullBase());
  const auto header = HeaderAt(written.bytes, 0);
  const auto mpf = std::ranges::find(header, "MPF", WordOf);
  ASSERT_NE(mpf, header.end());
  EXPECT_FALSE(IsHeader(*(mpf + 1))) << "MPF is the last one before the tables";
  const std::size_t map_size = written.bytes.size() - written.primary_size;
  ASSERT_EQ(mpf->payload.size(), 86U);
  EXPECT_EQ(mpf->payload.substr(4, 8), std::string("MM\0\x2A\0\0\0\x08", 8));
  EXPECT_EQ(BigEndian(mpf->payload, 54), 0x00030000U);
  EXPECT_EQ(BigEndian(mpf->payload, 58), written.primary_size);
  EXPECT_EQ(BigEndian(mpf->payload, 62), 0U);
  EXPECT_EQ(BigEndian(mpf->payload, 74), map_size);
  // Offsets count from the TIFF header, 8 bytes behind the marker.
  EXPECT_EQ(mpf->position + 8 + BigEndian(mpf->payload, 78), written.primary_size);

  const std::string xmp = Payloads(written.bytes, "XMP").at(0);
  EXPECT_THAT(xmp, HasSubstr("hdrgm:Version=\"1.0\""));
  EXPECT_THAT(xmp, HasSubstr("Item:Semantic=\"GainMap\""));
  EXPECT_THAT(xmp, HasSubstr("Item:Length=\"" + std::to_string(map_size) + "\""));
  EXPECT_THAT(xmp, HasSubstr("xmp:Rating=\"4\"")) << "the user's own properties stay";
  EXPECT_EQ(Payloads(written.bytes, "ISO").at(0), kIsoName + std::string(4, '\0'));
}

TEST(WriteJpegR, WritesTheNumbersTwice) {
  const PackagedJpeg written = Write(PlainBase());
  const std::string iso = Payloads(written.bytes, "ISO", written.primary_size).at(0);
  ASSERT_EQ(iso.size(), 28U + 61);
  const auto field = [&](std::size_t at) {
    return static_cast<double>(BigEndian(iso, 28 + at)) / BigEndian(iso, 28 + at + 4);
  };
  EXPECT_EQ(BigEndian(iso, 28), 0U);
  EXPECT_EQ(iso[28 + 4], 0x40);
  EXPECT_EQ(field(5), 0);
  EXPECT_EQ(field(13), 2);
  EXPECT_EQ(field(21), 0);
  EXPECT_EQ(field(29), 2);
  EXPECT_EQ(field(37), 1);
  EXPECT_EQ(field(45), 1.0 / 64);
  EXPECT_EQ(field(53), 1.0 / 64);
  const std::string xmp = Payloads(written.bytes, "XMP", written.primary_size).at(0);
  for (const char* attribute :
       {"Version=\"1.0\"", "GainMapMin=\"0.00000000000000\"", "GainMapMax=\"2.00000000000000\"",
        "Gamma=\"1.00000000000000\"", "OffsetSDR=\"0.01562500000000\"",
        "OffsetHDR=\"0.01562500000000\"", "HDRCapacityMin=\"0.00000000000000\"",
        "HDRCapacityMax=\"2.00000000000000\"", "BaseRenditionIsHDR=\"False\""}) {
    EXPECT_THAT(xmp, HasSubstr(std::string("hdrgm:") + attribute));
  }
}

TEST(WriteJpegR, WritesNumbersPerChannel) {
  GainMapMetadata metadata = Numbers();
  metadata.gain_map_max = {2, 1.5, 1};
  const Bytes map = test::MakeJpeg(test::MakeRamps(16, 12, 3).view());
  const PackagedJpeg written = Write(PlainBase(), ExifPolicy::kAllow, map, metadata);
  const std::string iso = Payloads(written.bytes, "ISO", written.primary_size).at(0);
  EXPECT_EQ(iso.size(), 28U + 141);
  EXPECT_EQ(static_cast<std::uint8_t>(iso[28 + 4]), 0xC0);
  EXPECT_THAT(Payloads(written.bytes, "XMP", written.primary_size).at(0), HasSubstr("rdf:Seq"));
}

TEST(WriteJpegR, ExtendsJfifAndNeverAddsIt) {
  EXPECT_EQ(Payloads(Write(PlainBase()).bytes, "JFIF").at(0).substr(14), "AMPF");
  // A base without JFIF is RGB or has its transform in APP14; JFIF would make it YCbCr.
  const Bytes rgb =
      test::MakeJpeg(test::MakeRamps(64, 48, 3).view(), {.color = test::JpegColor::kRgb});
  EXPECT_THAT(Words(Write(rgb).bytes), ElementsAre("XMP", "Adobe", "ISO", "MPF"));
  // A thumbnail follows the 14 bytes: nothing can be appended there.
  Bytes with_thumbnail = PlainBase();
  with_thumbnail[2 + 3] = 16 + 3;
  with_thumbnail[2 + 4 + 12] = 1;
  with_thumbnail[2 + 4 + 13] = 1;
  with_thumbnail.insert(with_thumbnail.begin() + 20, {7, 8, 9});
  EXPECT_EQ(Payloads(Write(with_thumbnail).bytes, "JFIF").at(0).substr(14), "\x07\x08\x09");
  EXPECT_EQ(Payloads(Write(with_thumbnail, ExifPolicy::kStrip).bytes, "JFIF").at(0).substr(12),
            std::string("\0\0AMPF", 6));
}

TEST(WriteJpegR, KeepsOfTheMapsHeaderOnlyWhatDecodesIt) {
  const Bytes map = With(PlainMap(), {{0xE1, kExifName + kTiff},
                                      {0xE1, kXmpName + "<x/>"},
                                      {0xE2, Icc(1, 1, "profile")},
                                      {0xE2, kIsoName + "old"},
                                      {0xFE, "comment"}});
  const PackagedJpeg written = Write(PlainBase(), ExifPolicy::kKeep, map);
  EXPECT_THAT(Words(written.bytes, written.primary_size), ElementsAre("JFIF", "XMP", "ISO"));
  const Bytes rgb =
      test::MakeJpeg(test::MakeRamps(16, 12, 3).view(), {.color = test::JpegColor::kRgb});
  const PackagedJpeg coloured = Write(PlainBase(), ExifPolicy::kKeep, rgb);
  EXPECT_THAT(Words(coloured.bytes, coloured.primary_size), ElementsAre("XMP", "Adobe", "ISO"));
}

TEST(WriteJpegR, RemovesStaleClaimsFirst) {
  test::ChartFile old;
  old.primary_xmp = {test::ChartPrimaryXmp(
      "xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmp:Rating=\"5\" "
      "xmlns:GCamera=\"http://ns.google.com/photos/1.0/camera/\" GCamera:MotionPhoto=\"1\"")};
  old.trailing = 1000;
  const PackagedJpeg written = Write(old.Build());
  EXPECT_THAT(Words(written.bytes), ElementsAre("JFIF", "XMP", "ISO", "MPF"));
  const std::string xmp = Payloads(written.bytes, "XMP").at(0);
  EXPECT_THAT(xmp, HasSubstr("xmp:Rating=\"5\""));
  EXPECT_THAT(xmp, Not(HasSubstr("MotionPhoto")));
  EXPECT_EQ(xmp.find("hdrgm:Version"), xmp.rfind("hdrgm:Version"));
  EXPECT_THAT(written.warnings, Contains(HasSubstr("bytes after the picture")));
  EXPECT_EQ(written.bytes.size() - written.primary_size,
            Write(PlainBase()).bytes.size() - Write(PlainBase()).primary_size)
      << "the old map is gone";
}

// libultrahdr writes MPF behind SOF: such segments are found and removed as well.
TEST(WriteJpegR, RemovesClaimsBehindTheTables) {
  const Bytes base =
      With(PlainBase(),
           {{0xE2, std::string("MPF\0", 4) + "old index"}, {0xE2, kIsoName + std::string(4, '\0')}},
           true);
  ASSERT_THAT(Words(base), ElementsAre("JFIF", "MPF", "ISO"));
  const PackagedJpeg written = Write(base);
  EXPECT_THAT(Words(written.bytes), ElementsAre("JFIF", "XMP", "ISO", "MPF"));
  EXPECT_EQ(Picture(written.bytes, 0, written.primary_size),
            Picture(PlainBase(), 0, PlainBase().size()));
}

TEST(WriteJpegR, GivesTheSameBytesForItsOwnOutput) {
  for (const ExifPolicy policy : {ExifPolicy::kKeep, ExifPolicy::kAllow, ExifPolicy::kStrip}) {
    const PackagedJpeg first = Write(FullBase(), policy);
    const PackagedJpeg second = Write(first.bytes, policy);
    EXPECT_TRUE(first.bytes == second.bytes) << static_cast<int>(policy);
    const PackagedJpeg plain = WritePlain(first.bytes, policy);
    EXPECT_TRUE(WritePlain(plain.bytes, policy).bytes == plain.bytes) << static_cast<int>(policy);
  }
}

TEST(WriteJpegR, KeepsUnderEachPolicyWhatItsTableSays) {
  const Bytes base = With(FullBase(), {{0xE0, std::string("JFXX\0\x10 thumbnail", 16)}});
  const PackagedJpeg kept = Write(base, ExifPolicy::kKeep);
  EXPECT_THAT(Words(kept.bytes), ElementsAre("JFIF", "Exif", "XMP", "ICC", "ICC", "JFXX", "COM",
                                             "APP11", "APP4", "APP10", "ISO", "MPF"));
  EXPECT_THAT(kept.warnings, ElementsAre(HasSubstr("C2PA manifest was kept")));

  const PackagedJpeg allowed = Write(base, ExifPolicy::kAllow);
  EXPECT_THAT(Words(allowed.bytes),
              ElementsAre("JFIF", "Exif", "XMP", "ICC", "ICC", "COM", "APP10", "ISO", "MPF"));
  EXPECT_THAT(allowed.warnings, Contains(HasSubstr("APP4")));
  EXPECT_THAT(allowed.warnings, Contains(HasSubstr("C2PA manifest was left out")));

  const PackagedJpeg stripped = Write(base, ExifPolicy::kStrip);
  EXPECT_THAT(Words(stripped.bytes),
              ElementsAre("JFIF", "Exif", "XMP", "ICC", "ICC", "APP10", "ISO", "MPF"));
  EXPECT_THAT(Payloads(stripped.bytes, "XMP").at(0), Not(HasSubstr("Rating")));
}

// Photoshop cuts its resource list anywhere; filtering one piece alone would lose the rest.
TEST(WriteJpegR, FiltersPhotoshopResourcesAcrossSegments) {
  const std::string caption = "\x1C\x02\x78" + std::string("\0\x07", 2) + "Caption";
  const std::string city = "\x1C\x02\x5A" + std::string("\0\x05", 2) + "Paris";
  std::string iptc = caption + city;
  const auto size = static_cast<char>(iptc.size());
  const std::string resource = std::string("8BIM\x04\x04\0\0\0\0\0", 11) + size + iptc +
                               (iptc.size() % 2 ? std::string(1, '\0') : "");
  const Bytes base = With(PlainBase(), {{0xED, kPhotoshopName + resource.substr(0, 18)},
                                        {0xED, kPhotoshopName + resource.substr(18)}});
  EXPECT_EQ(Payloads(Write(base).bytes, "IPTC").size(), 2U);
  const auto allowed = Payloads(Write(base, ExifPolicy::kAllow).bytes, "IPTC");
  ASSERT_EQ(allowed.size(), 1U);
  EXPECT_THAT(allowed[0], HasSubstr("Caption"));
  EXPECT_THAT(allowed[0], Not(HasSubstr("Paris")));
  EXPECT_THAT(Payloads(Write(base, ExifPolicy::kStrip).bytes, "IPTC"), IsEmpty());
}

TEST(WriteJpegR, LeavesBrokenMetadataOutWithAWarning) {
  struct Row {
    std::string name;
    std::vector<std::pair<int, std::string>> segments;
    std::vector<std::string> words;
    std::string warning;
  };
  const std::vector<std::string> bare = {"JFIF", "XMP", "ISO", "MPF"};
  const std::vector<Row> rows = {
      {"half an ICC profile", {{0xE2, Icc(1, 2, "first")}}, bare, "ICC profile was left out"},
      {"XMP that is no XML", {{0xE1, kXmpName + "<x:xmpmeta"}}, bare, "XMP packet was left out"},
      {"two packets",
       {{0xE1, UserXmp("xmp:Rating=\"1\"")}, {0xE1, UserXmp("")}},
       bare,
       "only the first of 2 XMP packets"},
      {"two EXIF segments",
       {{0xE1, kExifName + kTiff}, {0xE1, kExifName + kTiff}},
       {"JFIF", "Exif", "XMP", "ISO", "MPF"},
       "only the first of 2 EXIF"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const PackagedJpeg written = Write(With(PlainBase(), row.segments));
    EXPECT_THAT(Words(written.bytes), testing::ElementsAreArray(row.words));
    EXPECT_THAT(written.warnings, ElementsAre(HasSubstr(row.warning)));
  }
}

std::string ExtendedPart(const std::string& guid, const std::string& whole, std::size_t offset,
                         std::size_t size) {
  std::string part = kExtendedName + guid;
  for (const std::size_t number : {whole.size(), offset}) {
    for (int shift = 24; shift >= 0; shift -= 8) part += static_cast<char>(number >> shift & 0xFF);
  }
  return part + whole.substr(offset, size);
}

std::string ExtensionText(const std::string& properties) {
  return UserXmp(properties).substr(kXmpName.size());
}

/// Text and GUID of a file's Extended XMP, put together again.
std::string JoinedExtension(const Bytes& file) {
  std::string text;
  for (const std::string& part : Payloads(file, "Extended")) {
    EXPECT_EQ(BigEndian(part, 35 + 32 + 4), text.size());
    text += part.substr(35 + 32 + 8);
  }
  for (const std::string& part : Payloads(file, "Extended")) {
    EXPECT_EQ(part.substr(35, 32), Md5Hex(AsBytes(text)));
    EXPECT_EQ(BigEndian(part, 35 + 32), text.size());
  }
  return text;
}

TEST(WriteJpegR, KeepsExtendedXmpByteForByte) {
  const std::string text = ExtensionText("xmp:Label=\"" + std::string(100'000, 'x') + "\"");
  const std::string guid = Md5Hex(AsBytes(text));
  const Bytes base = With(PlainBase(), {{0xE1, UserXmp("xmpNote:HasExtendedXMP=\"" + guid + "\"")},
                                        {0xE1, ExtendedPart(guid, text, 0, 60'000)},
                                        {0xE1, ExtendedPart(guid, text, 60'000, 60'000)}});
  const PackagedJpeg written = Write(base);
  EXPECT_EQ(JoinedExtension(written.bytes), text);
  EXPECT_THAT(Payloads(written.bytes, "XMP").at(0), HasSubstr(guid));
  EXPECT_THAT(written.warnings, IsEmpty());
  EXPECT_TRUE(Write(written.bytes).bytes == written.bytes);
}

// Google's samples announce their map in Extended XMP.
TEST(WriteJpegR, RemovesClaimsFromExtendedXmp) {
  const std::string claim =
      "xmlns:hdrgm=\"http://ns.adobe.com/hdr-gain-map/1.0/\" "
      "hdrgm:Version=\"1.0\" ";
  const std::string text = ExtensionText(claim + "xmp:Label=\"kept\"");
  const std::string guid = Md5Hex(AsBytes(text));
  const Bytes base = With(PlainBase(), {{0xE1, UserXmp("xmpNote:HasExtendedXMP=\"" + guid + "\"")},
                                        {0xE1, ExtendedPart(guid, text, 0, text.size())}});
  const PackagedJpeg written = Write(base);
  const std::string extension = JoinedExtension(written.bytes);
  EXPECT_THAT(extension, HasSubstr("kept"));
  EXPECT_THAT(extension, Not(HasSubstr("hdr-gain-map")));
  EXPECT_THAT(Payloads(written.bytes, "XMP").at(0), Not(HasSubstr(guid)));
  EXPECT_THAT(Payloads(written.bytes, "XMP").at(0), HasSubstr(Md5Hex(AsBytes(extension))));

  // Nothing but the claim: extension and note go.
  const std::string only = ExtensionText(claim);
  const std::string only_guid = Md5Hex(AsBytes(only));
  const PackagedJpeg bare =
      Write(With(PlainBase(), {{0xE1, UserXmp("xmpNote:HasExtendedXMP=\"" + only_guid + "\"")},
                               {0xE1, ExtendedPart(only_guid, only, 0, only.size())}}));
  EXPECT_THAT(Words(bare.bytes), ElementsAre("JFIF", "XMP", "ISO", "MPF"));
  EXPECT_THAT(Payloads(bare.bytes, "XMP").at(0), Not(HasSubstr("HasExtendedXMP")));
}

TEST(WriteJpegR, MovesAnOverflowingPacketToExtendedXmp) {
  const Bytes base =
      With(PlainBase(), {{0xE1, UserXmp("xmp:Label=\"" + std::string(65'000, 'x') + "\"")}});
  const PackagedJpeg written = Write(base);
  const std::string packet = Payloads(written.bytes, "XMP").at(0);
  const std::string extension = JoinedExtension(written.bytes);
  EXPECT_THAT(packet, HasSubstr("hdrgm:Version=\"1.0\""));
  EXPECT_THAT(packet, HasSubstr("HasExtendedXMP=\"" + Md5Hex(AsBytes(extension)) + "\""));
  EXPECT_THAT(extension, HasSubstr("xmp:Label=\"xxx"));
  EXPECT_THAT(extension, Not(HasSubstr("hdrgm")));
  EXPECT_TRUE(Write(written.bytes).bytes == written.bytes);
  // The preview has room: the packet stays where it was.
  EXPECT_THAT(Words(WritePlain(base).bytes), ElementsAre("JFIF", "XMP"));
}

TEST(WriteJpegR, MovesAnOverflowingPacketBesideAnOlderExtension) {
  const std::string text = ExtensionText("xmp:Nickname=\"older\"");
  const std::string guid = Md5Hex(AsBytes(text));
  const Bytes base =
      With(PlainBase(), {{0xE1, UserXmp("xmpNote:HasExtendedXMP=\"" + guid + "\" xmp:Label=\"" +
                                        std::string(64'900, 'x') + "\"")},
                         {0xE1, ExtendedPart(guid, text, 0, text.size())}});
  const PackagedJpeg written = Write(base);
  const std::string extension = JoinedExtension(written.bytes);
  EXPECT_THAT(extension, HasSubstr("xmp:Label=\"xxx"));
  EXPECT_THAT(extension, HasSubstr("xmp:Nickname=\"older\""));
  EXPECT_THAT(extension, Not(HasSubstr("HasExtendedXMP")));
}

TEST(WriteJpegR, RefusesWhatNobodyMayWrite) {
  GainMapMetadata flat = Numbers();
  flat.gain_map_max = {0, 0, 0};
  GainMapMetadata equal = Numbers();
  equal.alternate_hdr_headroom = 0;
  GainMapMetadata negative = Numbers();
  negative.base_offset = {-0.1, -0.1, -0.1};
  for (const GainMapMetadata& metadata : {flat, equal, negative}) {
    const auto written = TryWrite(PlainBase(), ExifPolicy::kKeep, PlainMap(), metadata);
    ASSERT_FALSE(written.has_value());
    EXPECT_EQ(written.error().code, ErrorCode::kUnsupported);
    EXPECT_THAT(written.error().details, Not(IsEmpty()));
  }
  GainMapMetadata coloured = Numbers();
  coloured.gamma = {1, 1.1, 1.2};
  const auto grey_map = TryWrite(PlainBase(), ExifPolicy::kKeep, PlainMap(), coloured);
  ASSERT_FALSE(grey_map.has_value());
  EXPECT_EQ(grey_map.error().code, ErrorCode::kUnsupported);

  Bytes cut = PlainBase();
  cut.resize(cut.size() - 20);
  const auto truncated = TryWrite(cut);
  ASSERT_FALSE(truncated.has_value());
  EXPECT_EQ(truncated.error().code, ErrorCode::kBadInput);
  const auto no_map = TryWrite(PlainBase(), ExifPolicy::kKeep, Bytes(10));
  ASSERT_FALSE(no_map.has_value());
  EXPECT_EQ(no_map.error().code, ErrorCode::kBadInput);
}

TEST(WritePlainJpeg, HasNoTraceOfAGainMap) {
  const PackagedJpeg written = Write(FullBase());
  const PackagedJpeg plain = WritePlain(written.bytes);
  EXPECT_EQ(plain.primary_size, plain.bytes.size());
  EXPECT_THAT(Words(plain.bytes),
              ElementsAre("JFIF", "Exif", "XMP", "ICC", "ICC", "COM", "APP11", "APP4", "APP10"));
  EXPECT_EQ(Payloads(plain.bytes, "JFIF").at(0).size(), 14U);
  EXPECT_THAT(Payloads(plain.bytes, "XMP").at(0), HasSubstr("xmp:Rating=\"4\""));
  for (const char* trace : {"hdrgm", "Container", "21496", "AMPF", "hdr-gain-map"}) {
    EXPECT_EQ(Text(plain.bytes).find(trace), std::string::npos) << trace;
  }
  EXPECT_EQ(Picture(plain.bytes, 0, plain.bytes.size()),
            Picture(PlainBase(), 0, PlainBase().size()));
}

// Real bytes: a Photoshop edit of a phone photo that still claims the map it lost.
TEST(WriteJpegR, RemovesTheClaimOfARealEdit) {
  HDRP_NEEDS_CORPUS();
  const Bytes base = test::ReadCorpus("uhdr/photoshop25_fake_mishaal_01_base.jpg");
  ASSERT_NE(Text(base).find("hdrgm:Version"), std::string::npos);
  const Expected<JpegStream> stream = WalkJpeg(base, 0);
  ASSERT_TRUE(stream.has_value());
  for (const ExifPolicy policy : {ExifPolicy::kKeep, ExifPolicy::kAllow, ExifPolicy::kStrip}) {
    const PackagedJpeg plain = WritePlain(base, policy);
    EXPECT_EQ(Text(plain.bytes).find("hdrgm:"), std::string::npos);
    EXPECT_EQ(Text(plain.bytes).find("Container:"), std::string::npos);
    EXPECT_EQ(Picture(plain.bytes, 0, plain.bytes.size()), Picture(base, 0, stream->end));
    const PackagedJpeg written = Write(base, policy);
    EXPECT_EQ(Payloads(written.bytes, "XMP").size(), 1U);
    EXPECT_EQ(Payloads(written.bytes, "ICC"), Payloads(base, "ICC"));
    EXPECT_EQ(Payloads(written.bytes, "Adobe"), Payloads(base, "Adobe"));
    EXPECT_TRUE(Write(written.bytes, policy).bytes == written.bytes);
  }
}

}  // namespace
}  // namespace hdrp
