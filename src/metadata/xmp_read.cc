#include <algorithm>
#include <array>
#include <utility>

#include "metadata/extended_xmp.h"
#include "metadata/number_text.h"
#include "metadata/xmp.h"
#include "metadata/xmp_dom.h"

namespace hdrp {
namespace {

[[nodiscard]] bool IsList(pugi::xml_node node) {
  return IsElement(node, kRdfUri, "Seq") || IsElement(node, kRdfUri, "Bag") ||
         IsElement(node, kRdfUri, "Alt");
}

[[nodiscard]] std::string TextOf(pugi::xml_node node) {
  return std::string(Stripped(node.text().get()));
}

/// The values of a property element: its list's items, or its own text.
[[nodiscard]] std::vector<std::string> ValuesOf(pugi::xml_node property) {
  std::vector<std::string> values;
  for (const pugi::xml_node list : property.children()) {
    if (!IsList(list)) continue;
    for (const pugi::xml_node item : list.children()) {
      if (IsElement(item, kRdfUri, "li")) values.push_back(TextOf(item));
    }
    return values;
  }
  values.push_back(TextOf(property));
  return values;
}

constexpr std::array<std::pair<std::string_view, HdrgmValues::PerChannel HdrgmValues::*>, 5>
    kPerChannel = {{
        {"GainMapMin", &HdrgmValues::gain_map_min},
        {"GainMapMax", &HdrgmValues::gain_map_max},
        {"Gamma", &HdrgmValues::gamma},
        {"OffsetSDR", &HdrgmValues::offset_sdr},
        {"OffsetHDR", &HdrgmValues::offset_hdr},
    }};
constexpr std::array<std::pair<std::string_view, std::optional<std::string> HdrgmValues::*>, 5>
    kScalars = {{
        {"HDRCapacityMin", &HdrgmValues::capacity_min},
        {"HDRCapacityMax", &HdrgmValues::capacity_max},
        {"BaseRenditionIsHDR", &HdrgmValues::base_rendition_is_hdr},
        {"BaseHeadroom", &HdrgmValues::base_headroom},
        {"AlternateHeadroom", &HdrgmValues::alternate_headroom},
    }};

void SetHdrgm(std::string_view name, std::vector<std::string> values, XmpFacts& facts) {
  if (name == "Version") facts.hdrgm_version = values[0];
  const auto hdrgm = [&facts]() -> HdrgmValues& {
    return facts.hdrgm ? *facts.hdrgm : facts.hdrgm.emplace();
  };
  for (const auto& [field, member] : kScalars) {
    if (name == field) hdrgm().*member = values[0];
  }
  for (const auto& [field, member] : kPerChannel) {
    if (name == field) hdrgm().*member = values;
  }
}

/// One property in one of our namespaces, whichever way it was written.
void SetProperty(const XmlName& name, std::vector<std::string> values, XmpFacts& facts) {
  if (values.empty()) return;
  const std::string& value = values[0];
  if (name.uri == kHdrgmUri) {
    SetHdrgm(name.local, std::move(values), facts);
  } else if (name.uri == kAppleUri && name.local == "HDRGainMapVersion") {
    facts.apple_version = NumberFrom<std::uint32_t>(value);
  } else if (name.uri == kAppleUri && name.local == "HDRGainMapHeadroom") {
    facts.apple_headroom_linear = NumberFrom<double>(value);
  } else if (name.uri == kCameraUri &&
             (name.local == "MotionPhoto" || name.local == "MicroVideo")) {
    facts.motion_photo |= value != "0";
  } else if (name.uri == kXmpNoteUri && name.local == "HasExtendedXMP") {
    facts.extended_xmp_guid = value;
  } else if (name.uri == kXmpUri && name.local == "CreatorTool") {
    facts.creator_tool = value;
  }
}

void SetItem(std::string_view local, std::string_view value, DirectoryItem& item) {
  if (local == "Semantic") item.semantic = value;
  if (local == "Mime") item.mime = value;
  if (local == "Length") item.length = NumberFrom<std::uint64_t>(value);
  if (local == "Padding") item.padding = NumberFrom<std::uint64_t>(value);
}

/// Item:* attributes and elements, however many Container:Item, rdf:Description or
/// rdf:parseType="Resource" levels a writer put between them and the rdf:li.
[[nodiscard]] DirectoryItem ReadItem(pugi::xml_node li) {
  DirectoryItem item;
  ForEachElement(li, [&](pugi::xml_node element) {
    for (const pugi::xml_attribute attribute : element.attributes()) {
      const XmlName name = ExpandedName(element, attribute.name());
      if (name.uri == kItemUri) SetItem(name.local, attribute.value(), item);
    }
    const XmlName name = ExpandedName(element, element.name());
    if (name.uri == kItemUri) SetItem(name.local, TextOf(element), item);
    return true;
  });
  return item;
}

[[nodiscard]] std::vector<DirectoryItem> ReadDirectory(pugi::xml_node directory) {
  std::vector<DirectoryItem> items;
  for (const pugi::xml_node list : directory.children()) {
    if (!IsList(list)) continue;
    for (const pugi::xml_node li : list.children()) {
      if (IsElement(li, kRdfUri, "li")) items.push_back(ReadItem(li));
    }
  }
  return items;
}

void ReadDescription(pugi::xml_node description, XmpFacts& facts) {
  for (const pugi::xml_attribute attribute : description.attributes()) {
    SetProperty(ExpandedName(description, attribute.name()),
                {std::string(Stripped(attribute.value()))}, facts);
  }
  for (const pugi::xml_node property : description.children()) {
    if (property.type() != pugi::node_element) continue;
    const XmlName name = ExpandedName(property, property.name());
    if (name.uri == kContainerUri && name.local == "Directory") {
      facts.directory = ReadDirectory(property);
    } else {
      SetProperty(name, ValuesOf(property), facts);
    }
  }
}

/// Chromium resolves prefixes on rdf:RDF and rdf:Description only.
[[nodiscard]] bool DeclaredOutside(pugi::xml_node rdf) {
  const auto declares = [](pugi::xml_node node) {
    return std::ranges::any_of(node.attributes(), [](const pugi::xml_attribute& attribute) {
      return IsDeclaration(attribute) && attribute.value() == kHdrgmUri;
    });
  };
  return declares(rdf.parent()) && !declares(rdf) && std::ranges::none_of(rdf.children(), declares);
}

}  // namespace

Expected<XmpFacts> ReadXmp(std::string_view packet) {
  pugi::xml_document document;
  HDRP_ASSIGN_OR_RETURN(const pugi::xml_node rdf, ParseXmp(packet, document));
  XmpFacts facts;
  for (const pugi::xml_node description : rdf.children()) {
    if (IsElement(description, kRdfUri, "Description")) ReadDescription(description, facts);
  }
  facts.hdrgm_outside_description = (facts.hdrgm || facts.hdrgm_version) && DeclaredOutside(rdf);
  return facts;
}

}  // namespace hdrp
