#include <algorithm>
#include <array>
#include <iterator>
#include <utility>
#include <vector>

#include "base/formatted.h"
#include "metadata/xmp.h"
#include "metadata/xmp_dom.h"

namespace hdrp {
namespace {

/// Namespaces of which nothing of the user's may stay.
constexpr std::array kClaimUris = {kHdrgmUri, kContainerUri, kItemUri, kAppleUri, kAppleToneMapUri};

[[nodiscard]] bool IsClaimUri(std::string_view uri) {
  return std::ranges::find(kClaimUris, uri) != kClaimUris.end();
}

[[nodiscard]] bool IsClaim(const XmlName& name) {
  return IsClaimUri(name.uri) ||
         (name.uri == kCameraUri &&
          (name.local.starts_with("MotionPhoto") || name.local.starts_with("MicroVideo")));
}

/// An attribute and the element it stands on.
using Place = std::pair<pugi::xml_node, pugi::xml_attribute>;

/// What has to go: found first and removed then, because names are looked up through the tree.
struct Claims {
  std::vector<pugi::xml_node> elements;
  std::vector<Place> attributes;
  /// Declarations left without use would look like claims themselves.
  std::vector<Place> declarations;
};

[[nodiscard]] Claims FindClaims(pugi::xml_node rdf) {
  Claims claims;
  std::vector<Place> camera_declarations;
  bool camera_is_used = false;
  ForEachElement(rdf, [&](pugi::xml_node element) {
    const XmlName element_name = ExpandedName(element, element.name());
    if (IsClaim(element_name)) {
      claims.elements.push_back(element);
      return false;
    }
    camera_is_used |= element_name.uri == kCameraUri;
    for (const pugi::xml_attribute attribute : element.attributes()) {
      if (IsDeclaration(attribute)) {
        if (IsClaimUri(attribute.value())) claims.declarations.emplace_back(element, attribute);
        if (attribute.value() == kCameraUri) camera_declarations.emplace_back(element, attribute);
        continue;
      }
      const XmlName name = ExpandedName(element, attribute.name());
      if (IsClaim(name)) {
        claims.attributes.emplace_back(element, attribute);
      } else {
        camera_is_used |= name.uri == kCameraUri;
      }
    }
    return true;
  });
  if (!camera_is_used) {
    std::ranges::copy(camera_declarations, std::back_inserter(claims.declarations));
  }
  return claims;
}

/// Nothing but rdf:about and declarations.
[[nodiscard]] bool SaysNothing(pugi::xml_node description) {
  if (description.first_child()) return false;
  return std::ranges::all_of(description.attributes(), [&](const pugi::xml_attribute& attribute) {
    return IsDeclaration(attribute) || IsNamed(description, attribute.name(), kRdfUri, "about");
  });
}

/// Removes every claim, and what says nothing without it; true where there was any.
bool CleanTree(pugi::xml_node rdf) {
  Claims claims = FindClaims(rdf);
  for (auto& [element, attribute] : claims.attributes) element.remove_attribute(attribute);
  for (auto& [element, attribute] : claims.declarations) element.remove_attribute(attribute);
  for (const pugi::xml_node element : claims.elements) element.parent().remove_child(element);
  for (pugi::xml_node node = rdf.first_child(); node;) {
    const pugi::xml_node next = node.next_sibling();
    if (IsElement(node, kRdfUri, "Description") && SaysNothing(node)) rdf.remove_child(node);
    node = next;
  }
  return !claims.elements.empty() || !claims.attributes.empty() || !claims.declarations.empty();
}

void AppendItem(pugi::xml_node list, std::string_view semantic, std::uint32_t length) {
  pugi::xml_node li = list.append_child("rdf:li");
  AppendAttribute(li, "rdf:parseType", "Resource");
  pugi::xml_node item = li.append_child("Container:Item");
  AppendAttribute(item, "Item:Semantic", semantic);
  AppendAttribute(item, "Item:Mime", "image/jpeg");
  if (length > 0) AppendAttribute(item, "Item:Length", Formatted("{}", length));
}

/// hdrgm:Version and the directory. They get an rdf:Description of their own, so that prefixes the
/// user's packet binds to something else cannot get in the way.
void Announce(pugi::xml_node rdf, std::uint32_t map_size) {
  pugi::xml_node description = AppendDescription(rdf);
  AppendAttribute(description, "xmlns:hdrgm", kHdrgmUri);
  AppendAttribute(description, "xmlns:Container", kContainerUri);
  AppendAttribute(description, "xmlns:Item", kItemUri);
  AppendAttribute(description, "hdrgm:Version", "1.0");
  pugi::xml_node list = description.append_child("Container:Directory").append_child("rdf:Seq");
  AppendItem(list, "Primary", 0);
  AppendItem(list, "GainMap", map_size);
}

void AppendNumbers(pugi::xml_node description, const char* name,
                   const std::array<Fraction, 3>& values, bool single) {
  if (single) {
    AppendAttribute(description, name, FixedWidthDecimal(values[0]));
    return;
  }
  pugi::xml_node list = description.append_child(name).append_child("rdf:Seq");
  for (const Fraction& value : values) {
    list.append_child("rdf:li").text().set(FixedWidthDecimal(value).c_str());
  }
}

}  // namespace

std::string WriteMapXmp(const GainMapMetadata& metadata) {
  const GainMapFractions f = FractionsOf(metadata);
  const bool single = metadata.IsSingleChannel();
  pugi::xml_document document;
  pugi::xml_node description = AppendDescription(AppendXmpFrame(document));
  AppendAttribute(description, "xmlns:hdrgm", kHdrgmUri);
  AppendAttribute(description, "hdrgm:Version", "1.0");
  AppendNumbers(description, "hdrgm:GainMapMin", f.gain_map_min, single);
  AppendNumbers(description, "hdrgm:GainMapMax", f.gain_map_max, single);
  AppendNumbers(description, "hdrgm:Gamma", f.gamma, single);
  AppendNumbers(description, "hdrgm:OffsetSDR", f.base_offset, single);
  AppendNumbers(description, "hdrgm:OffsetHDR", f.alternate_offset, single);
  AppendAttribute(description, "hdrgm:HDRCapacityMin", FixedWidthDecimal(f.base_hdr_headroom));
  AppendAttribute(description, "hdrgm:HDRCapacityMax", FixedWidthDecimal(f.alternate_hdr_headroom));
  AppendAttribute(description, "hdrgm:BaseRenditionIsHDR", "False");
  return PrintXmpPacket(document);
}

Expected<std::string> WritePrimaryXmp(std::string_view user_packet, std::uint32_t map_size) {
  pugi::xml_document document;
  const pugi::xml_node rdf = AppendXmpFrame(document);
  // First: readers take the first rdf:Description that declares the namespaces.
  Announce(rdf, map_size);
  if (!user_packet.empty()) {
    pugi::xml_document user_document;
    HDRP_ASSIGN_OR_RETURN(const pugi::xml_node user_rdf, ParseXmp(user_packet, user_document));
    CleanTree(user_rdf);
    AppendDescriptions(user_rdf, rdf);
  }
  return PrintXmpPacket(document);
}

Expected<std::string> WithoutGainMapClaims(std::string_view user_packet) {
  if (user_packet.empty()) return std::string();
  pugi::xml_document user_document;
  HDRP_ASSIGN_OR_RETURN(const pugi::xml_node user_rdf, ParseXmp(user_packet, user_document));
  const bool had_claims = CleanTree(user_rdf);
  if (!user_rdf.first_child()) return std::string();
  if (!had_claims) return std::string(user_packet);
  pugi::xml_document document;
  AppendDescriptions(user_rdf, AppendXmpFrame(document));
  return PrintXmpPacket(document);
}

}  // namespace hdrp
