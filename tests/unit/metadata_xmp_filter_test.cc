#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/formatted.h"
#include "metadata/exif.h"
#include "metadata/extended_xmp.h"
#include "metadata/jpeg_structure.h"
#include "metadata/xmp.h"
#include "support/corpus.h"

namespace hdrp {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// One rdf:Description with these attributes and elements, in namespaces that writers use.
std::string Packet(std::string_view attributes, std::string_view elements = "") {
  return Formatted(
      "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
      "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" "
      "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" "
      "xmlns:xmpMM=\"http://ns.adobe.com/xap/1.0/mm/\" "
      "xmlns:photoshop=\"http://ns.adobe.com/photoshop/1.0/\" "
      "xmlns:tiff=\"http://ns.adobe.com/tiff/1.0/\" xmlns:exif=\"http://ns.adobe.com/exif/1.0/\" "
      "xmlns:exifEX=\"http://cipa.jp/exif/1.0/\" xmlns:aux=\"http://ns.adobe.com/exif/1.0/aux/\" "
      "xmlns:GCamera=\"http://ns.google.com/photos/1.0/camera/\" "
      "xmlns:drone=\"http://www.dji.com/drone-dji/1.0/\" "
      "xmlns:core=\"http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/\" "
      "xmlns:ext=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\" "
      "xmlns:crs=\"http://ns.adobe.com/camera-raw-settings/1.0/\" "
      "{}>{}</rdf:Description></rdf:RDF></x:xmpmeta>",
      attributes, elements);
}

std::string Allowed(std::string_view packet) {
  return std::string(AsText(FilterXmp(packet, ExifPolicy::kAllow).bytes));
}

struct PropertyCase {
  std::string name;
  std::string attributes;
  std::string elements;
  bool stays;
};
void PrintTo(const PropertyCase& row, std::ostream* out) { *out << row.name; }

class XmpPropertyTest : public testing::TestWithParam<PropertyCase> {};

/// The value "SECRET" or its whole property, beside a title that stays in any case.
TEST_P(XmpPropertyTest, StaysOrGoes) {
  const PropertyCase& row = GetParam();
  const std::string title =
      "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">Harbour</rdf:li></rdf:Alt></dc:title>";
  const std::string packet = Packet(row.attributes, row.elements + title);
  ASSERT_THAT(packet, HasSubstr("VALUE"));
  const std::string left = Allowed(packet);
  EXPECT_THAT(left, HasSubstr("Harbour"));
  EXPECT_EQ(left.contains("VALUE"), row.stays) << left;
  EXPECT_TRUE(ReadXmp(left));
}

INSTANTIATE_TEST_SUITE_P(
    , XmpPropertyTest,
    testing::Values(
        PropertyCase{"Rating", "xmp:Rating=\"VALUE\"", "", true},
        PropertyCase{"RatingAsElement", "", "<xmp:Rating>VALUE</xmp:Rating>", true},
        PropertyCase{"Label", "xmp:Label=\"VALUE\"", "", true},
        PropertyCase{"Keywords", "",
                     "<dc:subject><rdf:Bag><rdf:li>VALUE</rdf:li></rdf:Bag></dc:subject>", true},
        PropertyCase{"Creator", "",
                     "<dc:creator><rdf:Seq><rdf:li>VALUE</rdf:li></rdf:Seq></dc:creator>", true},
        PropertyCase{"Orientation", "tiff:Orientation=\"VALUE\"", "", true},
        PropertyCase{"Model", "tiff:Model=\"VALUE\"", "", true},
        PropertyCase{"ExposureTime", "exif:ExposureTime=\"VALUE\"", "", true},
        PropertyCase{"FlashStructure", "",
                     "<exif:Flash rdf:parseType=\"Resource\"><exif:Fired>VALUE</exif:Fired>"
                     "</exif:Flash>",
                     true},
        PropertyCase{"LensModel", "exifEX:LensModel=\"VALUE\"", "", true},
        PropertyCase{"Sensitivity", "exifEX:PhotographicSensitivity=\"VALUE\"", "", true},
        PropertyCase{"Lens", "aux:Lens=\"VALUE\"", "", true},
        PropertyCase{"MadeByAi", "ext:DigitalSourceType=\"VALUE\"", "", true},
        PropertyCase{"DevelopSettings", "crs:Exposure2012=\"VALUE\"", "", true},
        PropertyCase{"OtherPrefix", "",
                     "<q:Rating xmlns:q=\"http://ns.adobe.com/xap/1.0/\">VALUE"
                     "</q:Rating>",
                     true},

        PropertyCase{"Gps", "exif:GPSLatitude=\"VALUE\"", "", false},
        PropertyCase{"GpsAsElement", "", "<exif:GPSLatitude>VALUE</exif:GPSLatitude>", false},
        PropertyCase{"GpsOfDrones", "drone:GpsLatitude=\"VALUE\"", "", false},
        PropertyCase{"City", "photoshop:City=\"VALUE\"", "", false},
        PropertyCase{"Location", "core:Location=\"VALUE\"", "", false},
        PropertyCase{"Persons", "",
                     "<ext:PersonInImage><rdf:Bag><rdf:li>VALUE</rdf:li></rdf:Bag>"
                     "</ext:PersonInImage>",
                     false},
        PropertyCase{"SerialNumber", "aux:SerialNumber=\"VALUE\"", "", false},
        PropertyCase{"BodySerialNumber", "exifEX:BodySerialNumber=\"VALUE\"", "", false},
        PropertyCase{"OwnerName", "aux:OwnerName=\"VALUE\"", "", false},
        PropertyCase{"DocumentId", "xmpMM:DocumentID=\"VALUE\"", "", false},
        PropertyCase{"History", "",
                     "<xmpMM:History><rdf:Seq><rdf:li>VALUE</rdf:li></rdf:Seq></xmpMM:History>",
                     false},
        PropertyCase{"Thumbnails", "",
                     "<xmp:Thumbnails><rdf:Alt><rdf:li>VALUE</rdf:li></rdf:Alt></xmp:Thumbnails>",
                     false},
        PropertyCase{"IptcDigest", "photoshop:LegacyIPTCDigest=\"VALUE\"", "", false},
        PropertyCase{"PhonesMakerNote", "GCamera:HdrPlusMakernote=\"VALUE\"", "", false},
        PropertyCase{"Unbound", "", "<Rating>VALUE</Rating>", false},
        PropertyCase{"Borrowed", "",
                     "<xmp:Rating xmlns:xmp=\"http://example.org/\">VALUE</xmp:Rating>", false},
        PropertyCase{"LooseText", "", "VALUE", false},
        PropertyCase{"Comment", "", "<!--VALUE-->", false}),
    [](const auto& row) { return row.param.name; });

TEST(FilterXmp, KeepAndStrip) {
  const std::string packet = Packet("exif:GPSLatitude=\"1\"");
  EXPECT_EQ(AsText(FilterXmp(packet, ExifPolicy::kKeep).bytes), packet);
  EXPECT_THAT(FilterXmp(packet, ExifPolicy::kStrip).bytes, IsEmpty());
}

TEST(FilterXmp, NothingAllowedIsNoPacket) {
  EXPECT_EQ(Allowed(Packet("exif:GPSLatitude=\"1\"")), "");
  EXPECT_EQ(Allowed(Packet("")), "");
}

TEST(FilterXmp, DocumentIdsInAboutGo) {
  std::string packet = Packet("xmp:Rating=\"4\"");
  packet.replace(packet.find("about=\"\""), 8, "about=\"uuid:1234\"");
  EXPECT_THAT(Allowed(packet), Not(HasSubstr("1234")));
  EXPECT_THAT(Allowed(packet), HasSubstr("xmp:Rating=\"4\""));
}

TEST(FilterXmp, OnlyDescriptionsOfTheTreeStay) {
  std::string packet = Packet("xmp:Rating=\"4\"");
  packet.insert(packet.find("<rdf:Description"), "<rdf:Other xmp:Rating=\"OTHER\"/>");
  packet.insert(packet.find("<rdf:RDF"), "<note>OTHER</note>");
  const std::string left = Allowed(packet);
  EXPECT_THAT(left, Not(HasSubstr("OTHER")));
  EXPECT_THAT(left, HasSubstr("xmp:Rating=\"4\""));
}

TEST(FilterXmp, TheWrapperStaysWhereItWas) {
  const std::string packet = Packet("xmp:Rating=\"4\"");
  EXPECT_THAT(Allowed(packet), Not(HasSubstr("xpacket")));
  const std::string wrapped =
      "<?xpacket begin=\"\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>" + packet + "<?xpacket end=\"w\"?>";
  EXPECT_THAT(Allowed(wrapped), testing::StartsWith("<?xpacket begin="));
  EXPECT_THAT(Allowed(wrapped), testing::EndsWith("<?xpacket end=\"w\"?>"));
}

TEST(FilterXmp, UnreadablePacketsAreLeftOutAndNamed) {
  for (const std::string_view packet :
       {"", "<x:xmpmeta", "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"/>"}) {
    const FilteredMetadata kept = FilterXmp(packet, ExifPolicy::kAllow);
    EXPECT_THAT(kept.bytes, IsEmpty());
    EXPECT_THAT(kept.warnings, ElementsAre(HasSubstr("XMP was left out")));
  }
}

/// Photoshop's packet of a Pixel picture: histories and ids go, dates stay.
TEST(FilterXmp, EditorsPacket) {
  HDRP_NEEDS_CORPUS();
  const Bytes file = test::ReadCorpus("uhdr/photoshop25_fake_mishaal_01_base.jpg");
  const auto stream = WalkJpeg(file, 0);
  ASSERT_TRUE(stream);
  const auto segments = stream->Find(0xE1, kXmpNamespace);
  ASSERT_FALSE(segments.empty());
  const std::string_view packet = AsText(segments[0]->payload.subspan(kXmpNamespace.size()));
  ASSERT_THAT(packet, HasSubstr("xmpMM:DocumentID="));
  ASSERT_THAT(packet, HasSubstr("stEvt:"));
  const std::string left = Allowed(packet);
  EXPECT_THAT(left, HasSubstr("xmp:CreateDate="));
  EXPECT_THAT(left, Not(HasSubstr("DocumentID")));
  EXPECT_THAT(left, Not(HasSubstr("stEvt:action")));
  const auto facts = ReadXmp(left);
  ASSERT_TRUE(facts);
  EXPECT_FALSE(facts->hdrgm_version || facts->directory) << "a stale claim";
}

}  // namespace
}  // namespace hdrp
