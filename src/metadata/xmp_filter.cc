// A user's XMP under the policy: the properties of allow_list.h stay, with everything inside them.
#include "metadata/allow_list.h"
#include "metadata/exif.h"
#include "metadata/xmp_dom.h"

namespace hdrp {
namespace {

/// Calls `stays` for each attribute or child of `node` and removes those it refuses.
template <typename Range, typename Stays, typename Remove>
void KeepIf(const Range& range, Stays stays, Remove remove) {
  for (auto item = range.begin(); item != range.end();) {
    const auto current = *item++;
    if (!stays(current)) remove(current);
  }
}

template <typename Stays>
void KeepAttributesIf(pugi::xml_node node, Stays stays) {
  KeepIf(node.attributes(), stays, [&](pugi::xml_attribute a) { node.remove_attribute(a); });
}

template <typename Stays>
void KeepChildrenIf(pugi::xml_node node, Stays stays) {
  KeepIf(node.children(), stays, [&](pugi::xml_node child) { node.remove_child(child); });
}

bool IsAllowed(const XmlName& name) { return IsAllowedXmp(name.uri, name.local); }

/// Filters one rdf:Description; false when no property is left.
bool FilterDescription(pugi::xml_node description) {
  bool has_properties = false;
  const auto stays = [&](bool allowed) {
    has_properties |= allowed;
    return allowed;
  };
  KeepAttributesIf(description, [&](pugi::xml_attribute attribute) {
    if (IsDeclaration(attribute)) return true;
    if (IsNamed(description, attribute.name(), kRdfUri, "about")) {
      return attribute.set_value("");  // some programs put a document id there
    }
    return stays(IsAllowed(ExpandedName(description, attribute.name())));
  });
  KeepChildrenIf(description, [&](pugi::xml_node child) {
    return child.type() == pugi::node_element &&
           stays(IsAllowed(ExpandedName(child, child.name())));
  });
  return has_properties;
}

bool IsWrapped(std::string_view packet) { return packet.contains("<?xpacket begin"); }

}  // namespace

FilteredMetadata FilterXmp(std::string_view packet, ExifPolicy policy) {
  const auto bytes_of = [](std::string_view text) { return Bytes(text.begin(), text.end()); };
  if (policy == ExifPolicy::kKeep) return {bytes_of(packet), {}};
  if (policy == ExifPolicy::kStrip) return {};

  pugi::xml_document document;
  const Expected<pugi::xml_node> rdf = ParseXmp(packet, document);
  if (!rdf) return {{}, {"XMP was left out: the packet " + rdf.error().message}};
  const pugi::xml_node root = document.document_element();
  KeepChildrenIf(document, [&](pugi::xml_node node) { return node == root; });
  if (*rdf != root) KeepChildrenIf(root, [&](pugi::xml_node node) { return node == *rdf; });
  KeepChildrenIf(*rdf, [](pugi::xml_node node) {
    return IsElement(node, kRdfUri, "Description") && FilterDescription(node);
  });
  if (!rdf->first_child()) return {};
  return {bytes_of(IsWrapped(packet) ? PrintXmpPacket(document) : PrintXmp(document)), {}};
}

}  // namespace hdrp
