#include "metadata/xmp_dom.h"

#include <algorithm>
#include <array>
#include <set>
#include <sstream>

#include "base/formatted.h"
#include "metadata/xmp.h"

namespace hdrp {
namespace {

constexpr std::size_t kMaxPacketBytes = 16U << 20;
/// Tags or attributes; one of a few bytes costs over a hundred in memory.
constexpr std::ptrdiff_t kMaxMarkup = 1 << 19;
constexpr std::size_t kMaxDepth = 64;
/// Comparisons that one look at every name may take: each walks up through all attributes of the
/// elements around it. A packet of 300 properties takes 10^5.
constexpr std::size_t kMaxLookups = 1U << 24;
constexpr std::string_view kPacketBegin =
    "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n";
constexpr std::string_view kPacketEnd = "<?xpacket end=\"w\"?>";
constexpr std::string_view kMetaUri = "adobe:ns:meta/";

/// Walks without recursion, so that the check itself cannot be overrun.
[[nodiscard]] bool HasBoundedShape(const pugi::xml_document& document) {
  std::array<std::size_t, kMaxDepth + 1> attributes_around{};  // up to and with each depth
  std::size_t depth = 1;
  std::size_t lookups = 0;
  pugi::xml_node node = document.document_element();
  while (node) {
    if (depth > kMaxDepth) return false;
    const auto attributes = static_cast<std::size_t>(std::ranges::distance(node.attributes()));
    attributes_around[depth] = attributes_around[depth - 1] + attributes;
    lookups += (1 + attributes) * attributes_around[depth];
    if (lookups > kMaxLookups) return false;
    if (node.first_child()) {
      node = node.first_child();
      ++depth;
      continue;
    }
    while (node && !node.next_sibling()) {
      node = node.parent();
      --depth;
    }
    node = node.next_sibling();
  }
  return true;
}

/// Bytes that writers leave around a packet and that are no XML.
[[nodiscard]] std::string_view Trimmed(std::string_view packet) {
  const std::size_t last = packet.find_last_not_of(std::string_view("\0 \t\r\n", 5));
  return packet.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

[[nodiscard]] std::unexpected<Error> BadPacket(std::string_view what) {
  return Fail(ErrorCode::kBadInput, "XMP packet", "{}", what);
}

struct QualifiedName {
  std::string_view prefix, local;
};

[[nodiscard]] QualifiedName Split(std::string_view name) {
  const std::size_t colon = name.find(':');
  if (colon == std::string_view::npos) return {{}, name};
  return {name.substr(0, colon), name.substr(colon + 1)};
}

/// The attribute that declares a prefix (empty: the default namespace) where `scope` stands.
[[nodiscard]] pugi::xml_attribute DeclarationOf(pugi::xml_node scope, std::string_view prefix) {
  const std::string name = prefix.empty() ? "xmlns" : Formatted("xmlns:{}", prefix);
  for (pugi::xml_node node = scope; node; node = node.parent()) {
    if (const pugi::xml_attribute declared = node.attribute(name.c_str())) return declared;
  }
  return {};
}

/// The prefixes of all names at and below an element.
[[nodiscard]] std::set<std::string_view> PrefixesIn(pugi::xml_node element) {
  std::set<std::string_view> prefixes;
  ForEachElement(element, [&](pugi::xml_node node) {
    prefixes.insert(Split(node.name()).prefix);
    for (const pugi::xml_attribute attribute : node.attributes()) {
      if (!IsDeclaration(attribute)) prefixes.insert(Split(attribute.name()).prefix);
    }
    return true;
  });
  return prefixes;
}

}  // namespace

XmlName ExpandedName(pugi::xml_node scope, std::string_view qualified_name) {
  const QualifiedName name = Split(qualified_name);
  return {DeclarationOf(scope, name.prefix).value(), name.local};
}

bool IsNamed(pugi::xml_node scope, std::string_view qualified_name, std::string_view uri,
             std::string_view local) {
  const QualifiedName name = Split(qualified_name);
  return name.local == local && DeclarationOf(scope, name.prefix).value() == uri;
}

bool IsElement(pugi::xml_node node, std::string_view uri, std::string_view local) {
  return node.type() == pugi::node_element && IsNamed(node, node.name(), uri, local);
}

bool IsDeclaration(pugi::xml_attribute attribute) {
  const std::string_view name = attribute.name();
  return name == "xmlns" || name.starts_with("xmlns:");
}

Expected<pugi::xml_node> ParseXmp(std::string_view packet, pugi::xml_document& document) {
  if (packet.size() > kMaxPacketBytes || std::ranges::count(packet, '<') > kMaxMarkup ||
      std::ranges::count(packet, '=') > kMaxMarkup) {
    return BadPacket("is larger than 16 MiB or half a million tags");
  }
  const std::string_view text = Trimmed(packet);
  const pugi::xml_parse_result parsed = document.load_buffer(
      text.data(), text.size(), pugi::parse_default | pugi::parse_ws_pcdata_single);
  if (!parsed) {
    return Fail(ErrorCode::kBadInput, "XMP packet", "is not well-formed at byte {}: {}",
                parsed.offset, parsed.description());
  }
  if (!HasBoundedShape(document)) {
    return BadPacket("is nested deeper than 64 elements or has far too many attributes");
  }
  const pugi::xml_node root = document.document_element();
  if (IsElement(root, kRdfUri, "RDF")) return root;
  for (const pugi::xml_node child : root.children()) {
    if (IsElement(child, kRdfUri, "RDF")) return child;
  }
  return BadPacket("has no rdf:RDF element");
}

pugi::xml_node AppendXmpFrame(pugi::xml_document& document) {
  pugi::xml_node meta = document.append_child("x:xmpmeta");
  AppendAttribute(meta, "xmlns:x", kMetaUri);
  pugi::xml_node rdf = meta.append_child("rdf:RDF");
  AppendAttribute(rdf, "xmlns:rdf", kRdfUri);
  return rdf;
}

pugi::xml_node AppendDescription(pugi::xml_node rdf) {
  pugi::xml_node description = rdf.append_child("rdf:Description");
  AppendAttribute(description, "rdf:about", "");
  return description;
}

void AppendDescriptions(pugi::xml_node from_rdf, pugi::xml_node to_rdf) {
  for (const pugi::xml_node child : from_rdf.children()) {
    pugi::xml_node copy = to_rdf.append_copy(child);
    for (const std::string_view prefix : PrefixesIn(child)) {
      const pugi::xml_attribute declared = DeclarationOf(child, prefix);
      const std::string_view there = DeclarationOf(copy, prefix).value();
      if (declared && there != declared.value()) copy.append_copy(declared);
    }
  }
}

void AppendAttribute(pugi::xml_node node, std::string_view name, std::string_view value) {
  node.append_attribute(std::string(name).c_str()).set_value(std::string(value).c_str());
}

std::string PrintXmp(const pugi::xml_document& document) {
  std::ostringstream text;
  document.save(text, " ", pugi::format_indent | pugi::format_no_declaration, pugi::encoding_utf8);
  return std::move(text).str();
}

std::string PrintXmpPacket(const pugi::xml_document& document) {
  return InXmpPacket(PrintXmp(document));
}

std::string InXmpPacket(std::string_view xmp) {
  if (xmp.contains("<?xpacket begin")) return std::string(xmp);
  return std::string(kPacketBegin).append(xmp).append(kPacketEnd);
}

}  // namespace hdrp
