// Prefixes never matter, namespaces do: every property that is read, under every prefix.
#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/formatted.h"
#include "metadata/xmp.h"

namespace hdrp {
namespace {

struct Property {
  std::string_view uri, name, value;
};

constexpr std::string_view kNoteUri = "http://ns.adobe.com/xmp/note/";
constexpr std::string_view kGuid = "0123456789ABCDEF0123456789ABCDEF";
constexpr std::array kProperties = {
    Property{kHdrgmUri, "Version", "1.0"},
    Property{kHdrgmUri, "GainMapMin", "-0.25"},
    Property{kHdrgmUri, "GainMapMax", "2.990012"},
    Property{kHdrgmUri, "Gamma", "1.25"},
    Property{kHdrgmUri, "OffsetSDR", "0.5"},
    Property{kHdrgmUri, "OffsetHDR", "0.125"},
    Property{kHdrgmUri, "HDRCapacityMin", "0.0625"},
    Property{kHdrgmUri, "HDRCapacityMax", "3.5"},
    Property{kHdrgmUri, "BaseRenditionIsHDR", "False"},
    Property{kHdrgmUri, "BaseHeadroom", "0.03"},
    Property{kHdrgmUri, "AlternateHeadroom", "3.25"},
    Property{kAppleUri, "HDRGainMapVersion", "131072"},
    Property{kAppleUri, "HDRGainMapHeadroom", "3.697248"},
    Property{kCameraUri, "MotionPhoto", "1"},
    Property{kXmpUri, "CreatorTool", "somebody"},
    Property{kNoteUri, "HasExtendedXMP", kGuid},
};

/// Everything that a packet says, as one text.
std::string Said(const std::string& packet) {
  const auto facts = ReadXmp(packet);
  if (!facts) return facts.error().message;
  std::string said;
  const auto add = [&said](std::string_view name, const std::optional<std::string>& text) {
    if (text) said += Formatted("{}={};", name, *text);
  };
  const auto add_list = [&said](std::string_view name, const HdrgmValues::PerChannel& texts) {
    if (!texts) return;
    said += Formatted("{}=", name);
    for (const std::string& text : *texts) said += text + ",";
  };
  add("Version", facts->hdrgm_version);
  const HdrgmValues values = facts->hdrgm.value_or(HdrgmValues{});
  add_list("GainMapMin", values.gain_map_min);
  add_list("GainMapMax", values.gain_map_max);
  add_list("Gamma", values.gamma);
  add_list("OffsetSDR", values.offset_sdr);
  add_list("OffsetHDR", values.offset_hdr);
  add("HDRCapacityMin", values.capacity_min);
  add("HDRCapacityMax", values.capacity_max);
  add("BaseRenditionIsHDR", values.base_rendition_is_hdr);
  add("BaseHeadroom", values.base_headroom);
  add("AlternateHeadroom", values.alternate_headroom);
  if (facts->apple_version) said += Formatted("HDRGainMapVersion={};", *facts->apple_version);
  if (facts->apple_headroom_linear) {
    said += Formatted("HDRGainMapHeadroom={};", *facts->apple_headroom_linear);
  }
  if (facts->motion_photo) said += "MotionPhoto=1;";
  add("CreatorTool", facts->creator_tool);
  add("HasExtendedXMP", facts->extended_xmp_guid);
  for (const DirectoryItem& item : facts->directory.value_or(std::vector<DirectoryItem>{})) {
    said += Formatted("item {} {} {} {};", item.semantic, item.mime, item.length.value_or(0),
                      item.padding.value_or(0));
  }
  return said;
}

enum class Form { kAttribute, kElement, kList };

/// One property of a description whose prefix is declared on the element that `outer` says.
struct Written {
  std::string_view prefix;  ///< empty: the default namespace
  Form form = Form::kElement;
  bool outer = false;  ///< declared on rdf:RDF
  std::string_view rdf = "rdf";
};

std::string PacketOf(const Property& property, const Written& how) {
  const std::string name = how.prefix.empty() ? std::string(property.name)
                                              : Formatted("{}:{}", how.prefix, property.name);
  const std::string declaration = how.prefix.empty()
                                      ? Formatted("xmlns=\"{}\"", property.uri)
                                      : Formatted("xmlns:{}=\"{}\"", how.prefix, property.uri);
  std::string attribute, element;
  switch (how.form) {
    case Form::kAttribute:
      attribute = Formatted("{}=\"{}\"", name, property.value);
      break;
    case Form::kElement:
      element = Formatted("<{0}>{1}</{0}>", name, property.value);
      break;
    case Form::kList:
      element = Formatted("<{0}><{2}:Seq><{2}:li>{1}</{2}:li></{2}:Seq></{0}>", name,
                          property.value, how.rdf);
      break;
  }
  return Formatted(
      "<{0}:RDF xmlns:{0}=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" {1}>"
      "<{0}:Description {2} {3}>{4}</{0}:Description></{0}:RDF>",
      how.rdf, how.outer ? declaration : "", how.outer ? "" : declaration, attribute, element);
}

/// Of this and other writers: each namespace under each prefix, its own or another's.
constexpr std::array<std::string_view, 9> kPrefixes = {
    "hdrgm", "HDRToneMap", "HDRGainMap", "GCamera", "xmp", "xmpNote", "Container", "Item", "ns1"};

TEST(XmpPrefixes, EveryPropertyIsReadUnderEveryPrefix) {
  for (const Property& property : kProperties) {
    const std::string meant = Said(PacketOf(property, {"ns0"}));
    ASSERT_TRUE(meant.contains(property.name)) << property.name << ": " << meant;
    for (const std::string_view prefix : kPrefixes) {
      for (const Form form : {Form::kAttribute, Form::kElement, Form::kList}) {
        for (const bool outer : {false, true}) {
          for (const std::string_view rdf : {"rdf", "RDF", "r"}) {
            const std::string packet = PacketOf(property, {prefix, form, outer, rdf});
            EXPECT_EQ(Said(packet), meant) << packet;
          }
        }
      }
    }
    EXPECT_EQ(Said(PacketOf(property, {""})), meant) << property.name;
  }
}

TEST(XmpPrefixes, APropertyOfAnotherNamespaceIsNotRead) {
  for (const Property& property : kProperties) {
    for (const std::string_view prefix : kPrefixes) {
      const Property foreign{"urn:other", property.name, property.value};
      for (const Form form : {Form::kAttribute, Form::kElement, Form::kList}) {
        const std::string packet = PacketOf(foreign, {prefix, form});
        EXPECT_EQ(Said(packet), "") << packet;
      }
    }
  }
}

TEST(XmpPrefixes, TheDirectoryIsReadUnderEveryPrefix) {
  const auto packet = [](std::string_view container, std::string_view item) {
    return Formatted(
        R"(<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
        <r:Description xmlns:{0}="{2}" xmlns:{1}="{3}"><{0}:Directory><r:Seq>
        <r:li r:parseType="Resource"><{0}:Item {1}:Semantic="Primary" {1}:Mime="image/jpeg"
           {1}:Padding="8"/></r:li>
        <r:li r:parseType="Resource"><{0}:Item><{1}:Semantic>GainMap</{1}:Semantic>
           <{1}:Mime>image/jpeg</{1}:Mime><{1}:Length>1234</{1}:Length></{0}:Item></r:li>
        </r:Seq></{0}:Directory></r:Description></r:RDF>)",
        container, item, kContainerUri, kItemUri);
  };
  const std::string meant = "item Primary image/jpeg 0 8;item GainMap image/jpeg 1234 0;";
  for (const std::string_view container : kPrefixes) {
    for (const std::string_view item : kPrefixes) {
      if (container == item) continue;
      EXPECT_EQ(Said(packet(container, item)), meant) << container << ' ' << item;
    }
  }
}

/// What Apple's software makes of an Android picture's numbers when it saves the file again.
HdrgmValues AppleRewritten() {
  HdrgmValues values;
  values.gain_map_max = {"2.990012"};
  values.base_headroom = "0.000000";
  values.alternate_headroom = "2.5";
  values.base_rendition_is_hdr = "0";
  return values;
}

TEST(AppleRewritten, TheHeadroomsHaveTheStandardsNames) {
  const auto metadata = MetadataFromHdrgm(AppleRewritten());
  ASSERT_TRUE(metadata) << metadata.error().message;
  EXPECT_EQ(metadata->base_hdr_headroom, 0);
  EXPECT_EQ(metadata->alternate_hdr_headroom, 2.5);
  EXPECT_FALSE(IsHdrBase(*metadata));
  EXPECT_FALSE(MetadataFromHdrgm(WithoutApplesNames(AppleRewritten())));
}

TEST(AppleRewritten, TheSpecificationsNamesWin) {
  HdrgmValues values = AppleRewritten();
  values.capacity_max = "2.75";
  values.capacity_min = "0.5";
  values.base_headroom = "0.25";
  const auto metadata = MetadataFromHdrgm(values);
  ASSERT_TRUE(metadata) << metadata.error().message;
  EXPECT_EQ(metadata->base_hdr_headroom, 0.5);
  EXPECT_EQ(metadata->alternate_hdr_headroom, 2.75);
}

TEST(AppleRewritten, AnHdrBaseIsOneHoweverItIsSaid) {
  for (const std::string_view word : {"1", "True", "true"}) {
    for (const auto& [base, alternate] : {std::pair("0", "2.5"), std::pair("2.5", "0.0")}) {
      HdrgmValues values = AppleRewritten();
      values.base_rendition_is_hdr = word;
      values.base_headroom = base;
      values.alternate_headroom = alternate;
      const auto metadata = MetadataFromHdrgm(values);
      ASSERT_TRUE(metadata) << metadata.error().message;
      EXPECT_TRUE(IsHdrBase(*metadata)) << word << ' ' << base;
      EXPECT_EQ(metadata->base_hdr_headroom, 2.5);
    }
  }
}

TEST(AppleRewritten, WhatIsNoNumberIsNamed) {
  HdrgmValues values = AppleRewritten();
  values.alternate_headroom = "much";
  const auto metadata = MetadataFromHdrgm(values);
  ASSERT_FALSE(metadata);
  EXPECT_TRUE(metadata.error().message.contains("AlternateHeadroom"));
}

}  // namespace
}  // namespace hdrp
