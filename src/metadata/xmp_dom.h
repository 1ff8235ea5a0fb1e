// XMP packets as a tree, with namespaces resolved. Private to this folder.
// Source of the form: XMP specification part 1, chapter 7 (RDF subset, xpacket wrapper).
#pragma once

#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "base/error.h"

namespace hdrp {

inline constexpr std::string_view kRdfUri = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

struct XmlName {
  std::string_view uri;  ///< empty where the prefix is not bound
  std::string_view local;
};

/// The expanded name of an element or attribute that stands at `scope`, whatever its prefix. (An
/// attribute without a prefix is in no namespace; XMP has none.)
[[nodiscard]] XmlName ExpandedName(pugi::xml_node scope, std::string_view qualified_name);

/// As ExpandedName(...) == {uri, local}, but looks at the local name first.
[[nodiscard]] bool IsNamed(pugi::xml_node scope, std::string_view qualified_name,
                           std::string_view uri, std::string_view local);
[[nodiscard]] bool IsElement(pugi::xml_node node, std::string_view uri, std::string_view local);
/// True for the attributes xmlns and xmlns:*.
[[nodiscard]] bool IsDeclaration(pugi::xml_attribute attribute);

/// Parses into `document` and returns its rdf:RDF. bad_input when the packet is not well-formed,
/// has no rdf:RDF, or is out of bounds: larger than 16 MiB or half a million tags, nested deeper
/// than 64 elements (recursive library calls on the tree are safe after that), or so full of
/// attributes that looking up its namespaces would take seconds.
[[nodiscard]] Expected<pugi::xml_node> ParseXmp(std::string_view packet,
                                                pugi::xml_document& document);

/// x:xmpmeta > rdf:RDF, by these literal names, which readers look for; returns rdf:RDF.
pugi::xml_node AppendXmpFrame(pugi::xml_document& document);
/// An empty rdf:Description at the end.
pugi::xml_node AppendDescription(pugi::xml_node rdf);
/// Copies of the children of one rdf:RDF to the end of another. Each brings along the namespaces
/// that are declared around it and that it uses.
void AppendDescriptions(pugi::xml_node from_rdf, pugi::xml_node to_rdf);
void AppendAttribute(pugi::xml_node node, std::string_view name, std::string_view value);

/// The tree as text, without the xpacket wrapper.
[[nodiscard]] std::string PrintXmp(const pugi::xml_document& document);
/// The tree as a standard packet, in the xpacket wrapper.
[[nodiscard]] std::string PrintXmpPacket(const pugi::xml_document& document);

/// Visits `root` and the elements below it in document order, without recursion. `visit` returns
/// false to leave out what is below an element.
template <typename Visit>
void ForEachElement(pugi::xml_node root, Visit visit) {
  pugi::xml_node node = root;
  while (node) {
    const bool descend = node.type() == pugi::node_element && visit(node);
    if (descend && node.first_child()) {
      node = node.first_child();
      continue;
    }
    while (node != root && !node.next_sibling()) node = node.parent();
    if (node == root) return;
    node = node.next_sibling();
  }
}

}  // namespace hdrp
