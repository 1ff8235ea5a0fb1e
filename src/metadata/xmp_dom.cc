#include "metadata/xmp_dom.h"

#include <format>
#include <sstream>

namespace hdrp {
namespace {

constexpr std::size_t kMaxPacketBytes = 4U << 20;
constexpr int kMaxDepth = 64;
constexpr int kMaxAttributes = 1024;
constexpr std::string_view kPacketBegin =
    "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n";
constexpr std::string_view kPacketEnd = "<?xpacket end=\"w\"?>";

/// Walks without recursion, so that the check itself cannot be overrun.
[[nodiscard]] bool HasBoundedShape(const pugi::xml_document& document) {
  int depth = 0;
  pugi::xml_node node = document.document_element();
  while (node) {
    int attributes = 0;
    for ([[maybe_unused]] const pugi::xml_attribute attribute : node.attributes()) {
      if (++attributes > kMaxAttributes) return false;
    }
    if (node.first_child()) {
      node = node.first_child();
      if (++depth > kMaxDepth) return false;
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
  while (!packet.empty() && (packet.back() == '\0' || packet.back() == '\n' || packet.back() == ' ')) {
    packet.remove_suffix(1);
  }
  return packet;
}

[[nodiscard]] std::unexpected<Error> BadPacket(std::string_view what) {
  return Fail(ErrorCode::kBadInput, "XMP packet", "{}", what);
}

}  // namespace

XmlName ExpandedName(pugi::xml_node scope, std::string_view qualified_name) {
  const std::size_t colon = qualified_name.find(':');
  const std::string_view local =
      colon == std::string_view::npos ? qualified_name : qualified_name.substr(colon + 1);
  const std::string binding =
      colon == std::string_view::npos ? "xmlns"
                                      : std::format("xmlns:{}", qualified_name.substr(0, colon));
  for (pugi::xml_node node = scope; node; node = node.parent()) {
    if (const pugi::xml_attribute declared = node.attribute(binding.c_str())) {
      return {declared.value(), local};
    }
  }
  return {{}, local};
}

bool IsNamed(pugi::xml_node scope, std::string_view qualified_name, std::string_view uri,
             std::string_view local) {
  if (qualified_name.size() < local.size() ||
      qualified_name.substr(qualified_name.size() - local.size()) != local) {
    return false;
  }
  const XmlName name = ExpandedName(scope, qualified_name);
  return name.local == local && name.uri == uri;
}

bool IsElement(pugi::xml_node node, std::string_view uri, std::string_view local) {
  return node.type() == pugi::node_element && IsNamed(node, node.name(), uri, local);
}

Expected<pugi::xml_node> ParseXmp(std::string_view packet, pugi::xml_document& document) {
  if (packet.size() > kMaxPacketBytes) return BadPacket("is larger than 4 MiB");
  const std::string_view text = Trimmed(packet);
  const pugi::xml_parse_result parsed = document.load_buffer(
      text.data(), text.size(), pugi::parse_default | pugi::parse_ws_pcdata_single);
  if (!parsed) {
    return Fail(ErrorCode::kBadInput, "XMP packet", "is not well-formed at byte {}: {}",
                parsed.offset, parsed.description());
  }
  if (!HasBoundedShape(document)) {
    return BadPacket("is nested deeper than 64 elements or has an element of over 1024 attributes");
  }
  const pugi::xml_node root = document.document_element();
  if (IsElement(root, kRdfUri, "RDF")) return root;
  for (const pugi::xml_node child : root.children()) {
    if (IsElement(child, kRdfUri, "RDF")) return child;
  }
  return BadPacket("has no rdf:RDF element");
}

std::string PrintXmp(const pugi::xml_document& document) {
  std::ostringstream text;
  document.save(text, " ", pugi::format_indent | pugi::format_no_declaration, pugi::encoding_utf8);
  return std::move(text).str();
}

std::string PrintXmpPacket(const pugi::xml_document& document) {
  return std::string(kPacketBegin) + PrintXmp(document) + std::string(kPacketEnd);
}

}  // namespace hdrp
