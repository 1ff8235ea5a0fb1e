#include <algorithm>
#include <array>
#include <format>
#include <vector>

#include "metadata/xmp.h"
#include "metadata/xmp_dom.h"

namespace hdrp {
namespace {

constexpr std::string_view kEmptyTree =
    "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">"
    "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
    "<rdf:Description rdf:about=\"\"/></rdf:RDF></x:xmpmeta>";
/// Namespaces of which nothing of the user's may stay.
constexpr std::array kClaimUris = {kHdrgmUri, kContainerUri, kItemUri, kAppleUri};

[[nodiscard]] bool IsClaim(const XmlName& name) {
  if (std::ranges::find(kClaimUris, name.uri) != kClaimUris.end()) return true;
  return name.uri == kCameraUri &&
         (name.local.starts_with("MotionPhoto") || name.local.starts_with("MicroVideo"));
}

/// Removes every claim of one rdf:Description; true where there was one.
bool RemoveClaims(pugi::xml_node description) {
  bool removed = false;
  for (pugi::xml_attribute attribute = description.first_attribute(); attribute;) {
    const pugi::xml_attribute next = attribute.next_attribute();
    if (IsClaim(ExpandedName(description, attribute.name()))) {
      removed |= description.remove_attribute(attribute);
    }
    attribute = next;
  }
  for (pugi::xml_node child = description.first_child(); child;) {
    const pugi::xml_node next = child.next_sibling();
    if (child.type() == pugi::node_element && IsClaim(ExpandedName(child, child.name()))) {
      removed |= description.remove_child(child);
    }
    child = next;
  }
  return removed;
}

/// Declarations that nothing uses after the claims are gone would look like claims themselves.
void RemoveClaimDeclarations(pugi::xml_node node) {
  for (pugi::xml_attribute attribute = node.first_attribute(); attribute;) {
    const pugi::xml_attribute next = attribute.next_attribute();
    if (std::string_view(attribute.name()).starts_with("xmlns:") &&
        std::ranges::find(kClaimUris, attribute.value()) != kClaimUris.end()) {
      node.remove_attribute(attribute);
    }
    attribute = next;
  }
}

/// Nothing but rdf:about and declarations.
[[nodiscard]] bool SaysNothing(pugi::xml_node description) {
  if (description.first_child()) return false;
  return std::ranges::all_of(description.attributes(), [&](const pugi::xml_attribute& attribute) {
    return std::string_view(attribute.name()).starts_with("xmlns:") ||
           IsNamed(description, attribute.name(), kRdfUri, "about");
  });
}

/// True where any claim was removed.
bool CleanTree(pugi::xml_node rdf) {
  bool removed = false;
  for (pugi::xml_node node = rdf.first_child(); node;) {
    const pugi::xml_node next = node.next_sibling();
    if (IsElement(node, kRdfUri, "Description")) {
      removed |= RemoveClaims(node);
      RemoveClaimDeclarations(node);
      if (SaysNothing(node)) rdf.remove_child(node);
    }
    node = next;
  }
  RemoveClaimDeclarations(rdf);
  if (rdf.parent()) RemoveClaimDeclarations(rdf.parent());
  return removed;
}

/// True where none of our prefixes is bound here to something else.
[[nodiscard]] bool PrefixesAreFree(pugi::xml_node description) {
  return !description.attribute("xmlns:hdrgm") && !description.attribute("xmlns:Container") &&
         !description.attribute("xmlns:Item");
}

void Append(pugi::xml_node node, const char* name, std::string_view value) {
  node.append_attribute(name).set_value(std::string(value).c_str());
}

void AppendItem(pugi::xml_node list, std::string_view semantic, std::uint32_t length) {
  pugi::xml_node li = list.append_child("rdf:li");
  Append(li, "rdf:parseType", "Resource");
  pugi::xml_node item = li.append_child("Container:Item");
  Append(item, "Item:Semantic", semantic);
  Append(item, "Item:Mime", "image/jpeg");
  if (length > 0) Append(item, "Item:Length", std::format("{}", length));
}

/// hdrgm:Version and the directory, on the first Description.
void Announce(pugi::xml_node rdf, std::uint32_t map_size) {
  pugi::xml_node description;
  for (const pugi::xml_node child : rdf.children()) {
    if (IsElement(child, kRdfUri, "Description")) {
      description = child;
      break;
    }
  }
  if (!description || !PrefixesAreFree(description)) {
    description = rdf.prepend_child("rdf:Description");
    Append(description, "rdf:about", "");
  }
  Append(description, "xmlns:hdrgm", kHdrgmUri);
  Append(description, "xmlns:Container", kContainerUri);
  Append(description, "xmlns:Item", kItemUri);
  Append(description, "hdrgm:Version", "1.0");
  pugi::xml_node list = description.append_child("Container:Directory").append_child("rdf:Seq");
  AppendItem(list, "Primary", 0);
  AppendItem(list, "GainMap", map_size);
}

void AppendNumbers(pugi::xml_node description, const char* name,
                   const std::array<Fraction, 3>& values, bool single) {
  if (single) {
    Append(description, name, FixedWidthDecimal(values[0]));
    return;
  }
  pugi::xml_node list = description.append_child(name).append_child("rdf:Seq");
  for (const Fraction& value : values) {
    list.append_child("rdf:li").text().set(FixedWidthDecimal(value).c_str());
  }
}

}  // namespace

std::string FixedWidthDecimal(const Fraction& value) {
  constexpr std::size_t kWidth = 16;
  const bool negative = value.numerator < 0;
  const auto magnitude = static_cast<std::uint64_t>(negative ? -value.numerator : value.numerator);
  const std::uint64_t denominator = value.denominator;
  std::string text = std::format("{}{}.", negative ? "-" : "", magnitude / denominator);
  const std::size_t decimals = kWidth - std::min(text.size(), kWidth - 1);

  // Exact long division; then round half up on the last digit.
  std::uint64_t rest = magnitude % denominator;
  for (std::size_t i = 0; i < decimals; ++i) {
    rest *= 10;
    text += static_cast<char>('0' + rest / denominator);
    rest %= denominator;
  }
  if (2 * rest < denominator) return text;
  for (std::size_t i = text.size(); i-- > 0;) {
    if (text[i] == '.' || text[i] == '-') continue;
    if (text[i] != '9') {
      ++text[i];
      return text;
    }
    text[i] = '0';
  }
  // 9.99...9 became 0.00...0: one more digit in front, one decimal less.
  text.insert(negative ? 1 : 0, "1");
  text.pop_back();
  return text;
}

std::string WriteMapXmp(const GainMapMetadata& metadata) {
  const GainMapFractions f = FractionsOf(metadata);
  const bool single = metadata.IsSingleChannel();
  pugi::xml_document document;
  document.load_buffer(kEmptyTree.data(), kEmptyTree.size());
  pugi::xml_node description = document.document_element().first_child().first_child();
  Append(description, "xmlns:hdrgm", kHdrgmUri);
  Append(description, "hdrgm:Version", "1.0");
  AppendNumbers(description, "hdrgm:GainMapMin", f.gain_map_min, single);
  AppendNumbers(description, "hdrgm:GainMapMax", f.gain_map_max, single);
  AppendNumbers(description, "hdrgm:Gamma", f.gamma, single);
  AppendNumbers(description, "hdrgm:OffsetSDR", f.base_offset, single);
  AppendNumbers(description, "hdrgm:OffsetHDR", f.alternate_offset, single);
  Append(description, "hdrgm:HDRCapacityMin", FixedWidthDecimal(f.base_hdr_headroom));
  Append(description, "hdrgm:HDRCapacityMax", FixedWidthDecimal(f.alternate_hdr_headroom));
  Append(description, "hdrgm:BaseRenditionIsHDR", "False");
  return PrintXmpPacket(document);
}

Expected<std::string> WritePrimaryXmp(std::string_view user_packet, std::uint32_t map_size) {
  pugi::xml_document document;
  Expected<pugi::xml_node> rdf =
      ParseXmp(user_packet.empty() ? kEmptyTree : user_packet, document);
  if (!rdf) return std::unexpected(rdf.error());
  CleanTree(*rdf);
  if (*rdf == document.document_element()) {
    // Readers look for rdf:RDF inside x:xmpmeta.
    pugi::xml_document whole;
    pugi::xml_node meta = whole.append_child("x:xmpmeta");
    Append(meta, "xmlns:x", "adobe:ns:meta/");
    Announce(meta.append_copy(*rdf), map_size);
    return PrintXmpPacket(whole);
  }
  Announce(*rdf, map_size);
  return PrintXmpPacket(document);
}

Expected<std::string> WithoutGainMapClaims(std::string_view user_packet) {
  if (user_packet.empty()) return std::string();
  pugi::xml_document document;
  Expected<pugi::xml_node> rdf = ParseXmp(user_packet, document);
  if (!rdf) return std::unexpected(rdf.error());
  if (!CleanTree(*rdf)) return std::string(user_packet);
  if (!rdf->first_child()) return std::string();
  return PrintXmpPacket(document);
}

}  // namespace hdrp
