// The packets we write: what they say, and what they keep of a user's packet.
#include <gtest/gtest.h>

#include "base/formatted.h"
#include "metadata/extended_xmp.h"
#include "metadata/xmp.h"
#include "support/corpus.h"
#include "support/xmp_packets.h"

namespace hdrp {
namespace {

using test::kGContainer;
using test::kHdrgm;
using test::Packet;

std::string Primary(std::string_view user_packet, std::uint32_t map_size = 12345) {
  const auto packet = WritePrimaryXmp(user_packet, map_size);
  EXPECT_TRUE(packet) << packet.error().message;
  return packet.value_or("");
}

std::size_t Count(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos;
       at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

/// Says what a primary must say, once, and is one xpacket.
void ExpectAnnounces(const std::string& packet, std::uint64_t map_size) {
  const auto facts = ReadXmp(packet);
  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_EQ(facts->hdrgm_version, "1.0");
  EXPECT_FALSE(facts->hdrgm);
  EXPECT_FALSE(facts->hdrgm_outside_description);
  EXPECT_FALSE(facts->motion_photo);
  EXPECT_FALSE(facts->apple_version);
  ASSERT_TRUE(facts->directory);
  ASSERT_EQ(facts->directory->size(), 2U);
  EXPECT_EQ(facts->directory->at(0).semantic, "Primary");
  EXPECT_EQ(facts->directory->at(0).mime, "image/jpeg");
  EXPECT_EQ(facts->directory->at(0).length, std::nullopt);
  EXPECT_EQ(facts->directory->at(1).semantic, "GainMap");
  EXPECT_EQ(facts->directory->at(1).mime, "image/jpeg");
  EXPECT_EQ(facts->directory->at(1).length, map_size);
  // Readers look for these names letter by letter, and take the first Description.
  EXPECT_TRUE(
      packet.starts_with("<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>"));
  EXPECT_TRUE(packet.ends_with("<?xpacket end=\"w\"?>"));
  EXPECT_EQ(Count(packet, "<x:xmpmeta "), 1U);
  EXPECT_EQ(Count(packet, "<rdf:RDF "), 1U);
  EXPECT_EQ(Count(packet, kHdrgmUri), 1U);
  EXPECT_LT(packet.find("<rdf:Description"), packet.find(kHdrgmUri));
  EXPECT_EQ(Count(packet.substr(0, packet.find(kHdrgmUri)), "<rdf:Description"), 1U);
}

TEST(WriteMapXmp, OneChannelIsAllAttributes) {
  GainMapMetadata metadata;
  metadata.gain_map_min.fill(-0.720215);
  metadata.gain_map_max.fill(2.990012);
  metadata.alternate_hdr_headroom = 2.990012;
  EXPECT_EQ(WriteMapXmp(metadata),
            "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
            "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
            " <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
            "  <rdf:Description rdf:about=\"\""
            " xmlns:hdrgm=\"http://ns.adobe.com/hdr-gain-map/1.0/\" hdrgm:Version=\"1.0\""
            " hdrgm:GainMapMin=\"-0.7202150000000\" hdrgm:GainMapMax=\"2.99001200000000\""
            " hdrgm:Gamma=\"1.00000000000000\" hdrgm:OffsetSDR=\"0.01562500000000\""
            " hdrgm:OffsetHDR=\"0.01562500000000\" hdrgm:HDRCapacityMin=\"0.00000000000000\""
            " hdrgm:HDRCapacityMax=\"2.99001200000000\" hdrgm:BaseRenditionIsHDR=\"False\" />\n"
            " </rdf:RDF>\n"
            "</x:xmpmeta>\n"
            "<?xpacket end=\"w\"?>");
}

TEST(WriteMapXmp, ThreeChannelsAreListsOfThree) {
  GainMapMetadata metadata;
  metadata.gain_map_max = {1, 2, 3};
  metadata.alternate_hdr_headroom = 3;
  const std::string packet = WriteMapXmp(metadata);
  EXPECT_EQ(Count(packet, "<rdf:Seq>"), 5U);
  EXPECT_EQ(Count(packet, "<rdf:li>"), 15U);
  const auto facts = ReadXmp(packet);
  ASSERT_TRUE(facts && facts->hdrgm);
  EXPECT_EQ(facts->hdrgm->gain_map_max,
            (std::vector<std::string>{"1.00000000000000", "2.00000000000000", "3.00000000000000"}));
}

TEST(WritePrimaryXmp, WithoutAUsersPacket) {
  const std::string packet = Primary("", 4'000'000'000);
  ExpectAnnounces(packet, 4'000'000'000);
  EXPECT_EQ(Count(packet, "<rdf:Description"), 1U);
  EXPECT_EQ(packet, Primary("", 4'000'000'000)) << "the same bytes every time";
}

constexpr std::string_view kRichDeclarations = R"(
    xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:lr="http://ns.adobe.com/lightroom/1.0/" xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/"
    xmlns:my="urn:somebody:else" xmlns:GCamera="http://ns.google.com/photos/1.0/camera/")";
constexpr std::string_view kRichAttributes = R"(xmp:Rating="4" crs:Exposure2012="+0.35"
    my:note="a &lt; b &amp; &quot;c&quot; – ü&#xA;next" GCamera:SpecialTypeID="portrait")";
constexpr std::string_view kRichElements = R"(
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">Lamps &amp; more</rdf:li></rdf:Alt></dc:title>
   <lr:hierarchicalSubject><rdf:Bag><rdf:li>Places|Europe</rdf:li><rdf:li> </rdf:li></rdf:Bag></lr:hierarchicalSubject>
   <crs:ToneCurve><rdf:Seq><rdf:li>0, 0</rdf:li><rdf:li>255, 255</rdf:li></rdf:Seq></crs:ToneCurve>
   <my:deep rdf:parseType="Resource"><my:one>1</my:one><my:two my:attr="x">2</my:two></my:deep>)";

/// Everything of kRich* as our printing shows it.
const std::vector<std::string> kRichParts = {
    "xmp:Rating=\"4\"",
    "crs:Exposure2012=\"+0.35\"",
    "my:note=\"a &lt; b &amp; &quot;c&quot; – ü&#10;next\"",
    "GCamera:SpecialTypeID=\"portrait\"",
    "<rdf:li xml:lang=\"x-default\">Lamps &amp; more</rdf:li>",
    "<rdf:li>Places|Europe</rdf:li>",
    "<rdf:li> </rdf:li>",
    "<rdf:li>255, 255</rdf:li>",
    "<my:deep rdf:parseType=\"Resource\">",
    "<my:two my:attr=\"x\">2</my:two>",
    "xmlns:dc=\"http://purl.org/dc/elements/1.1/\"",
    "xmlns:my=\"urn:somebody:else\"",
    "xmlns:GCamera=\"http://ns.google.com/photos/1.0/camera/\"",
};

TEST(WritePrimaryXmp, AUsersPropertiesSurviveInEveryForm) {
  const std::string packet = Primary(Packet(kRichDeclarations, kRichAttributes, kRichElements));
  ExpectAnnounces(packet, 12345);
  for (const std::string& part : kRichParts) EXPECT_EQ(Count(packet, part), 1U) << part;
}

constexpr std::string_view kStaleDeclarations = R"(
    xmlns:HDRGainMap="http://ns.apple.com/HDRGainMap/1.0/")";
constexpr std::string_view kStaleAttributes = R"(hdrgm:Version="1.0" hdrgm:GainMapMax="9"
    GCamera:MotionPhoto="1" GCamera:MotionPhotoVersion="1" GCamera:MicroVideoOffset="77"
    HDRGainMap:HDRGainMapVersion="131072")";
constexpr std::string_view kStaleElements = R"(
   <Container:Directory><rdf:Seq><rdf:li rdf:parseType="Resource"><Container:Item
     Item:Semantic="GainMap" Item:Length="1"/></rdf:li></rdf:Seq></Container:Directory>
   <hdrgm:Gamma><rdf:Seq><rdf:li>1</rdf:li></rdf:Seq></hdrgm:Gamma>
   <my:wrapped rdf:parseType="Resource"><hdrgm:OffsetSDR>5</hdrgm:OffsetSDR><my:kept>k</my:kept></my:wrapped>
   <HDRGainMap:HDRGainMapHeadroom>4</HDRGainMap:HDRGainMapHeadroom>)";

std::string StalePacket() {
  return Packet(
      Formatted("{} {} {} {}", kRichDeclarations, kHdrgm, kGContainer, kStaleDeclarations),
      Formatted("{} {}", kRichAttributes, kStaleAttributes),
      Formatted("{} {}", kRichElements, kStaleElements));
}

TEST(WritePrimaryXmp, StaleClaimsAreReplaced) {
  const std::string packet = Primary(StalePacket());
  ExpectAnnounces(packet, 12345);
  for (const std::string& part : kRichParts) EXPECT_EQ(Count(packet, part), 1U) << part;
  EXPECT_EQ(Count(packet, "<my:kept>k</my:kept>"), 1U);
  for (const char* stale :
       {"MotionPhoto", "MicroVideo", "HDRGainMap", "GainMapMax", "OffsetSDR", "hdrgm:Gamma"}) {
    EXPECT_EQ(Count(packet, stale), 0U) << stale;
  }
}

TEST(WritePrimaryXmp, WritingAgainChangesOnlyTheLength) {
  const std::string once = Primary(StalePacket(), 11111);
  EXPECT_EQ(Primary(once, 11111), once);
  std::string longer = once;
  longer.replace(longer.find("11111"), 5, "22222");
  EXPECT_EQ(Primary(once, 22222), longer);
}

TEST(WritePrimaryXmp, DeclarationsLeftWithoutUseGoToo) {
  const std::string user = Packet(
      R"(xmlns:GCamera="http://ns.google.com/photos/1.0/camera/"
         xmlns:xmp="http://ns.adobe.com/xap/1.0/")",
      R"(GCamera:MotionPhoto="1" xmp:Rating="1")");
  const std::string packet = Primary(user);
  EXPECT_EQ(Count(packet, kCameraUri), 0U);
  EXPECT_EQ(Count(packet, "xmp:Rating=\"1\""), 1U);
}

TEST(WritePrimaryXmp, OurPrefixesMayMeanSomethingElseToTheUser) {
  const std::string user = Packet(
      R"(xmlns:hdrgm="urn:not:ours" xmlns:Item="urn:nor:this"
         xmlns:g="http://ns.adobe.com/hdr-gain-map/1.0/")",
      R"(hdrgm:Version="7" g:GainMapMax="5")", "<Item:Length>3</Item:Length>");
  const std::string packet = Primary(user);
  ExpectAnnounces(packet, 12345);
  EXPECT_EQ(Count(packet, "xmlns:hdrgm=\"urn:not:ours\""), 1U);
  EXPECT_EQ(Count(packet, "hdrgm:Version=\"7\""), 1U);
  EXPECT_EQ(Count(packet, "<Item:Length>3</Item:Length>"), 1U);
  EXPECT_EQ(Count(packet, "GainMapMax"), 0U);
}

TEST(WritePrimaryXmp, OuterDeclarationsComeAlongWhereTheyAreUsed) {
  const std::string user =
      R"(<a:xapmeta xmlns:a="adobe:ns:meta/" xmlns:dc="http://purl.org/dc/elements/1.1/">
         <r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:rdf="urn:odd"
                xmlns:unused="urn:unused" xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/">
         <r:Description r:about="" dc:format="image/jpeg" hdrgm:Version="1.0"/>
         <r:Description r:about="" rdf:odd="yes"/>
         </r:RDF></a:xapmeta>)";
  const std::string packet = Primary(user);
  ExpectAnnounces(packet, 12345);
  EXPECT_EQ(Count(packet, "dc:format=\"image/jpeg\""), 1U);
  EXPECT_EQ(Count(packet, "http://purl.org/dc/elements/1.1/"), 1U);
  EXPECT_EQ(Count(packet, "rdf:odd=\"yes\""), 1U);
  EXPECT_EQ(Count(packet, "xmlns:rdf=\"urn:odd\""), 1U);
  EXPECT_EQ(Count(packet, "urn:unused"), 0U);
}

TEST(WritePrimaryXmp, TheNoteOfAnExtensionStays) {
  const std::string user = Packet(R"(xmlns:xmpNote="http://ns.adobe.com/xmp/note/")",
                                  R"(xmpNote:HasExtendedXMP="0123456789ABCDEF0123456789ABCDEF")");
  const auto facts = ReadXmp(Primary(user));
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->extended_xmp_guid, "0123456789ABCDEF0123456789ABCDEF");
}

TEST(WritePrimaryXmp, WhatDoesNotFitASegmentShows) {
  const std::string user =
      Packet(R"(xmlns:my="urn:my")", "", "<my:long>" + std::string(70'000, 'a') + "</my:long>");
  EXPECT_GT(Primary(user).size(), kMaxStandardXmpBytes);
  EXPECT_LT(Primary("").size(), 1000U);
}

TEST(WithoutGainMapClaims, APacketWithoutClaimsStaysByteForByte) {
  const std::string user = Packet(kRichDeclarations, kRichAttributes, kRichElements);
  EXPECT_EQ(WithoutGainMapClaims(user), user);
}

TEST(WithoutGainMapClaims, ClaimsGoAndTheRestStays) {
  const auto packet = WithoutGainMapClaims(StalePacket());
  ASSERT_TRUE(packet);
  for (const std::string& part : kRichParts) EXPECT_EQ(Count(*packet, part), 1U) << part;
  for (const std::string_view uri : {kHdrgmUri, kContainerUri, kItemUri, kAppleUri}) {
    EXPECT_EQ(Count(*packet, uri), 0U) << uri;
  }
  EXPECT_EQ(WithoutGainMapClaims(*packet), *packet);
}

TEST(WithoutGainMapClaims, NothingIsLeftOfClaimsAlone) {
  EXPECT_EQ(WithoutGainMapClaims(""), "");
  EXPECT_EQ(WithoutGainMapClaims(Primary("")), "");
  EXPECT_EQ(WithoutGainMapClaims(Packet("", "")), "");
}

TEST(WritePrimaryXmp, PacketsOfOthersAreTakenOver) {
  HDRP_NEEDS_CORPUS();
  int packets = 0;
  for (const test::CorpusFile& file : test::CorpusFiles("uhdr")) {
    SCOPED_TRACE(file.name);
    const Bytes bytes = test::ReadWhole(file.path);
    const auto stream = WalkJpeg(bytes, 0);
    if (!stream) continue;
    for (const JpegSegment* segment : stream->Find(0xE1, kXmpNamespace)) {
      const std::string packet = Primary(AsText(segment->payload.subspan(kXmpNamespace.size())));
      ExpectAnnounces(packet, 12345);
      EXPECT_EQ(Primary(packet), packet);
      ++packets;
    }
  }
  EXPECT_GE(packets, 20);
}

}  // namespace
}  // namespace hdrp
