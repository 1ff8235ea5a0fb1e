// XMP packets as a tree, with namespaces resolved. Private to this folder.
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

/// The expanded name of an element or attribute that stands at `scope`, whatever its prefix.
[[nodiscard]] XmlName ExpandedName(pugi::xml_node scope, std::string_view qualified_name);

/// As ExpandedName(...) == {uri, local}, but looks at the local name first.
[[nodiscard]] bool IsNamed(pugi::xml_node scope, std::string_view qualified_name,
                           std::string_view uri, std::string_view local);
[[nodiscard]] bool IsElement(pugi::xml_node node, std::string_view uri, std::string_view local);

/// Parses into `document` and returns its rdf:RDF. bad_input when the packet is not well-formed,
/// larger than 4 MiB, nested deeper than 64 elements (recursive library calls on the tree are safe
/// after that), holds an element of more than 1024 attributes, or has no rdf:RDF.
[[nodiscard]] Expected<pugi::xml_node> ParseXmp(std::string_view packet,
                                                pugi::xml_document& document);

/// The tree as text, without the xpacket wrapper.
[[nodiscard]] std::string PrintXmp(const pugi::xml_document& document);
/// The tree as a standard packet, in the xpacket wrapper.
[[nodiscard]] std::string PrintXmpPacket(const pugi::xml_document& document);

}  // namespace hdrp
