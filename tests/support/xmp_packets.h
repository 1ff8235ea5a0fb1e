// XMP packets for tests, as a program with its own habits might write them.
#pragma once

#include <string>
#include <string_view>

#include "base/formatted.h"

namespace hdrp::test {

inline constexpr std::string_view kHdrgm = R"(xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/")";
inline constexpr std::string_view kGContainer =
    R"(xmlns:Container="http://ns.google.com/photos/1.0/container/"
       xmlns:Item="http://ns.google.com/photos/1.0/container/item/")";

/// One rdf:Description with these declarations, attributes and child elements.
inline std::string Packet(std::string_view declarations, std::string_view attributes,
                          std::string_view elements = "") {
  return Formatted(
      "<?xpacket begin=\"\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
      "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\" x:xmptk=\"A Toolkit 1.0\">\n"
      " <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
      "  <rdf:Description rdf:about=\"\" {} {}>{}</rdf:Description>\n"
      " </rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"w\"?>",
      declarations, attributes, elements);
}

}  // namespace hdrp::test
