// What packets say: the forms writers use, whatever their prefixes, and hostile ones.
#include <gtest/gtest.h>

#include "base/formatted.h"
#include "metadata/jpeg_structure.h"
#include "metadata/xmp.h"
#include "support/corpus.h"
#include "support/xmp_packets.h"

namespace hdrp {
namespace {

using test::kHdrgm;
using test::Packet;

XmpFacts Read(std::string_view packet) {
  const auto facts = ReadXmp(packet);
  EXPECT_TRUE(facts) << facts.error().message;
  return facts.value_or(XmpFacts{});
}

using Texts = std::vector<std::string>;

struct HdrgmCase {
  std::string name;
  std::string packet;
};
void PrintTo(const HdrgmCase& row, std::ostream* out) { *out << row.name; }

class HdrgmFormTest : public testing::TestWithParam<HdrgmCase> {};

TEST_P(HdrgmFormTest, AllFormsAreReadAlike) {
  const XmpFacts facts = Read(GetParam().packet);
  EXPECT_EQ(facts.hdrgm_version, "1.0");
  ASSERT_TRUE(facts.hdrgm);
  EXPECT_EQ(facts.hdrgm->gain_map_max, (Texts{"2.990012"}));
  EXPECT_EQ(facts.hdrgm->capacity_max, "2.5");
  EXPECT_EQ(facts.hdrgm->base_rendition_is_hdr, "False");
  EXPECT_FALSE(facts.hdrgm->gamma);
  EXPECT_FALSE(facts.hdrgm_outside_description);
}

INSTANTIATE_TEST_SUITE_P(
    All, HdrgmFormTest,
    testing::Values(
        HdrgmCase{"attributes", Packet(kHdrgm, R"(hdrgm:Version="1.0" hdrgm:GainMapMax=" 2.990012 "
                                    hdrgm:HDRCapacityMax="2.5"
                                    hdrgm:BaseRenditionIsHDR="False")")},
        HdrgmCase{"elements", Packet(kHdrgm, "", R"(<hdrgm:Version>1.0</hdrgm:Version>
                      <hdrgm:GainMapMax>
                        2.990012
                      </hdrgm:GainMapMax>
                      <hdrgm:HDRCapacityMax>2.5</hdrgm:HDRCapacityMax>
                      <hdrgm:BaseRenditionIsHDR>False</hdrgm:BaseRenditionIsHDR>)")},
        HdrgmCase{"lists", Packet(kHdrgm, R"(hdrgm:Version="1.0" hdrgm:HDRCapacityMax="2.5"
                                    hdrgm:BaseRenditionIsHDR="False")",
                                  R"(<hdrgm:GainMapMax><rdf:Bag><rdf:li>2.990012</rdf:li></rdf:Bag>
                            </hdrgm:GainMapMax>)")},
        HdrgmCase{"another_prefix",
                  Packet(R"(xmlns:g="http://ns.adobe.com/hdr-gain-map/1.0/"
                            xmlns:hdrgm="urn:other")",
                         R"(g:Version="1.0" g:GainMapMax="2.990012" g:HDRCapacityMax="2.5"
                            g:BaseRenditionIsHDR="False" hdrgm:Gamma="7" hdrgm:Version="2")")},
        HdrgmCase{
            "default_namespace",
            Packet("", "", R"(<Version xmlns="http://ns.adobe.com/hdr-gain-map/1.0/">1.0</Version>
                      <GainMapMax xmlns="http://ns.adobe.com/hdr-gain-map/1.0/">2.990012</GainMapMax>
                      <HDRCapacityMax xmlns="http://ns.adobe.com/hdr-gain-map/1.0/">2.5</HDRCapacityMax>
                      <BaseRenditionIsHDR xmlns="http://ns.adobe.com/hdr-gain-map/1.0/">False</BaseRenditionIsHDR>
                      <Gamma>7</Gamma>)")},
        HdrgmCase{"declared_on_rdf_and_two_descriptions",
                  R"(<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
                              xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/">
                     <rdf:Description hdrgm:Version="1.0" hdrgm:GainMapMax="2.990012"/>
                     <rdf:Description hdrgm:HDRCapacityMax="2.5" hdrgm:BaseRenditionIsHDR="False"/>
                     </rdf:RDF>)"},
        HdrgmCase{"padding_and_zero_bytes",
                  Packet(kHdrgm, R"(hdrgm:Version="1.0" hdrgm:GainMapMax="2.990012"
                                    hdrgm:HDRCapacityMax="2.5"
                                    hdrgm:BaseRenditionIsHDR="False")") +
                      std::string("\n   \0\0", 6)}),
    [](const auto& row) { return row.param.name; });

TEST(ReadXmp, PerChannelValuesKeepTheirOrder) {
  const XmpFacts facts = Read(Packet(kHdrgm, "", R"(<hdrgm:GainMapMax><rdf:Seq>
      <rdf:li>3.5</rdf:li><rdf:li>3.6</rdf:li><rdf:li>3.7</rdf:li></rdf:Seq></hdrgm:GainMapMax>)"));
  ASSERT_TRUE(facts.hdrgm);
  EXPECT_EQ(facts.hdrgm->gain_map_max, (Texts{"3.5", "3.6", "3.7"}));
}

TEST(ReadXmp, AVersionAloneIsAClaimWithoutNumbers) {
  const XmpFacts facts = Read(Packet(kHdrgm, R"(hdrgm:Version="1.0")"));
  EXPECT_EQ(facts.hdrgm_version, "1.0");
  EXPECT_FALSE(facts.hdrgm);
}

TEST(ReadXmp, SeesANamespaceThatReadersWillNotFind) {
  const std::string outside = Formatted(
      R"(<x:xmpmeta xmlns:x="adobe:ns:meta/" {}>
         <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
         <rdf:Description hdrgm:Version="1.0"/></rdf:RDF></x:xmpmeta>)",
      kHdrgm);
  EXPECT_EQ(Read(outside).hdrgm_version, "1.0");
  EXPECT_TRUE(Read(outside).hdrgm_outside_description);
}

struct DirectoryCase {
  std::string name;
  std::string body;  ///< of Container:Directory
};
void PrintTo(const DirectoryCase& row, std::ostream* out) { *out << row.name; }

class DirectoryFormTest : public testing::TestWithParam<DirectoryCase> {};

TEST_P(DirectoryFormTest, AllFormsAreReadAlike) {
  const XmpFacts facts = Read(Packet(
      test::kGContainer, "", "<Container:Directory>" + GetParam().body + "</Container:Directory>"));
  ASSERT_TRUE(facts.directory);
  ASSERT_EQ(facts.directory->size(), 2U);
  const DirectoryItem& primary = facts.directory->front();
  EXPECT_EQ(primary.semantic, "Primary");
  EXPECT_EQ(primary.mime, "image/jpeg");
  EXPECT_EQ(primary.length, std::nullopt);
  EXPECT_EQ(primary.padding, 7U);
  const DirectoryItem& map = facts.directory->back();
  EXPECT_EQ(map.semantic, "GainMap");
  EXPECT_EQ(map.length, 5'000'000'000U);
  EXPECT_EQ(map.padding, std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(All, DirectoryFormTest,
                         testing::Values(DirectoryCase{"attributes", R"(<rdf:Seq>
            <rdf:li rdf:parseType="Resource">
              <Container:Item Item:Semantic="Primary" Item:Padding="7" Item:Mime="image/jpeg"/>
            </rdf:li>
            <rdf:li rdf:parseType="Resource">
              <Container:Item Item:Length="5000000000" Item:Mime="image/jpeg"
                              Item:Semantic="GainMap"/>
            </rdf:li></rdf:Seq>)"},
                                         DirectoryCase{"bag", R"(<rdf:Bag>
            <rdf:li><Container:Item Item:Semantic="Primary" Item:Padding="7"
                                    Item:Mime="image/jpeg"/></rdf:li>
            <rdf:li><Container:Item Item:Semantic="GainMap" Item:Length="5000000000"/></rdf:li>
            </rdf:Bag>)"},
                                         DirectoryCase{"items_on_li", R"(<rdf:Seq>
            <rdf:li Item:Semantic="Primary" Item:Padding="7" Item:Mime="image/jpeg"/>
            <rdf:li Item:Semantic="GainMap" Item:Length="5000000000"/></rdf:Seq>)"},
                                         DirectoryCase{"resources", R"(<rdf:Seq>
            <rdf:li rdf:parseType="Resource"><Container:Item rdf:parseType="Resource">
              <Item:Mime>image/jpeg</Item:Mime><Item:Semantic>Primary</Item:Semantic>
              <Item:Padding> 7 </Item:Padding></Container:Item></rdf:li>
            <rdf:li rdf:parseType="Resource"><Container:Item rdf:parseType="Resource">
              <Item:Semantic>GainMap</Item:Semantic><Item:Length>5000000000</Item:Length>
              </Container:Item></rdf:li></rdf:Seq>)"},
                                         DirectoryCase{"nested_descriptions", R"(<rdf:Seq>
            <rdf:li><rdf:Description><Container:Item><rdf:Description>
              <Item:Mime>image/jpeg</Item:Mime><Item:Semantic>Primary</Item:Semantic>
              <Item:Padding>7</Item:Padding></rdf:Description></Container:Item>
              </rdf:Description></rdf:li>
            <rdf:li><rdf:Description><Container:Item><rdf:Description Item:Length="5000000000">
              <Item:Semantic>GainMap</Item:Semantic></rdf:Description></Container:Item>
              </rdf:Description></rdf:li></rdf:Seq>)"}),
                         [](const auto& row) { return row.param.name; });

TEST(ReadXmp, ALengthThatIsNoSizeIsAbsent) {
  for (const std::string_view length : {"-1", "", "12px", "99999999999999999999999"}) {
    const XmpFacts facts =
        Read(Packet(test::kGContainer, "",
                    Formatted(R"(<Container:Directory><rdf:Seq><rdf:li Item:Length="{}"/>
                                   </rdf:Seq></Container:Directory>)",
                              length)));
    ASSERT_TRUE(facts.directory);
    EXPECT_EQ(facts.directory->front().length, std::nullopt) << length;
  }
}

TEST(ReadXmp, ApplesFieldsAreElementsOrAttributes) {
  constexpr std::string_view kApple = R"(xmlns:HDRGainMap="http://ns.apple.com/HDRGainMap/1.0/")";
  const XmpFacts elements = Read(Packet(kApple, "", R"(
      <HDRGainMap:HDRGainMapHeadroom>3.697248</HDRGainMap:HDRGainMapHeadroom>
      <HDRGainMap:HDRGainMapVersion>131072</HDRGainMap:HDRGainMapVersion>)"));
  EXPECT_EQ(elements.apple_version, 131072U);
  EXPECT_EQ(elements.apple_headroom_linear, 3.697248);
  const XmpFacts attributes = Read(Packet(kApple, R"(HDRGainMap:HDRGainMapVersion="65536")"));
  EXPECT_EQ(attributes.apple_version, 65536U);
  EXPECT_EQ(attributes.apple_headroom_linear, std::nullopt);
}

TEST(ReadXmp, MotionPhotosAreSeenUnlessSwitchedOff) {
  constexpr std::string_view kCamera = R"(xmlns:GCamera="http://ns.google.com/photos/1.0/camera/")";
  EXPECT_TRUE(Read(Packet(kCamera, R"(GCamera:MotionPhoto="1")")).motion_photo);
  EXPECT_TRUE(Read(Packet(kCamera, R"(GCamera:MicroVideo="1")")).motion_photo);
  EXPECT_FALSE(Read(Packet(kCamera, R"(GCamera:MotionPhoto="0")")).motion_photo);
  EXPECT_FALSE(Read(Packet(kCamera, R"(GCamera:SpecialTypeID="x")")).motion_photo);
}

TEST(ReadXmp, TheNoteNamesTheExtension) {
  const XmpFacts facts = Read(Packet(R"(xmlns:n="http://ns.adobe.com/xmp/note/")",
                                     R"(n:HasExtendedXMP="0123456789ABCDEF0123456789ABCDEF")"));
  EXPECT_EQ(facts.extended_xmp_guid, "0123456789ABCDEF0123456789ABCDEF");
}

TEST(ReadXmp, OtherEncodingsAreRead) {
  const std::string packet = Packet(kHdrgm, R"(hdrgm:Version="1.0")");
  std::string utf16("\xFE\xFF", 2);
  for (const char c : packet.substr(packet.find("<x:"))) utf16 += {'\0', c};
  EXPECT_EQ(Read(utf16).hdrgm_version, "1.0");
}

std::string Repeated(std::string_view text, std::size_t count) {
  std::string all;
  all.reserve(text.size() * count);
  for (std::size_t i = 0; i < count; ++i) all += text;
  return all;
}

std::string Nested(std::size_t levels) {
  return Packet("", "", Repeated("<a>", levels) + Repeated("</a>", levels));
}

TEST(ReadXmp, NestingIsBounded) {
  EXPECT_TRUE(ReadXmp(Nested(61)));  // in x:xmpmeta, rdf:RDF and rdf:Description
  const auto deep = ReadXmp(Nested(62));
  ASSERT_FALSE(deep);
  EXPECT_EQ(deep.error().code, ErrorCode::kBadInput);
}

TEST(ReadXmp, BadPacketsAreRefused) {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"empty", ""},
      {"text", "no XML"},
      {"not well-formed", "<x:xmpmeta><rdf:RDF></x:xmpmeta>"},
      {"cut", Packet("", "").substr(0, 150)},
      {"no rdf:RDF", "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"/>"},
      {"rdf:RDF in name only", "<rdf:RDF xmlns:rdf=\"urn:other\"/>"},
      {"16 MiB", Packet("", "", "<a>" + std::string(17U << 20, 'a') + "</a>")},
      {"a million tags", Packet("", "", Repeated("<a/>", 1'000'000))},
      {"five million levels", Repeated("<a>", 5'000'000)},
      {"half a million levels", Nested(200'000)},
  };
  for (const auto& [name, packet] : rows) {
    const auto facts = ReadXmp(packet);
    ASSERT_FALSE(facts) << name;
    EXPECT_EQ(facts.error().code, ErrorCode::kBadInput) << name;
    EXPECT_FALSE(WithoutGainMapClaims(packet).has_value() && !packet.empty()) << name;
    EXPECT_FALSE(WritePrimaryXmp(packet, 1).has_value() && !packet.empty()) << name;
  }
}

/// Packets that make each name's look-up walk through as many attributes as the limits allow.
TEST(ReadXmp, LookUpsAreBounded) {
  std::string many;
  for (int i = 0; i < 100'000; ++i) many += Formatted(" xmlns:a{}=\"u\"", i);
  EXPECT_FALSE(ReadXmp(Packet(many, "", Repeated("<q:b/>", 100'000))));
  EXPECT_FALSE(ReadXmp(Packet(many, many)));
}

TEST(ReadXmp, ReadsThePacketsOfOthers) {
  HDRP_NEEDS_CORPUS();
  int packets = 0;
  for (const test::CorpusFile& file : test::CorpusFiles("uhdr")) {
    const Bytes bytes = test::ReadWhole(file.path);
    const auto stream = WalkJpeg(bytes, 0);
    if (!stream) continue;
    for (const JpegSegment* segment : stream->Find(0xE1, kXmpNamespace)) {
      const auto facts = ReadXmp(AsText(segment->payload.subspan(kXmpNamespace.size())));
      ASSERT_TRUE(facts) << file.name << ": " << facts.error().message;
      std::string semantics;
      for (const DirectoryItem& item : facts->directory.value_or(std::vector<DirectoryItem>{})) {
        semantics += (semantics.empty() ? "" : ",") + item.semantic;
      }
      if (!semantics.empty()) {
        EXPECT_EQ(semantics, file.Fact("gcontainer")) << file.name;
      }
      ++packets;
    }
  }
  EXPECT_GE(packets, 20);
}

}  // namespace
}  // namespace hdrp
