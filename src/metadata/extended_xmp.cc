#include "metadata/extended_xmp.h"

#include <algorithm>
#include <pugixml.hpp>

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "metadata/digest.h"
#include "metadata/jpeg_markers.h"
#include "metadata/xmp.h"
#include "metadata/xmp_dom.h"

namespace hdrp {
namespace {

constexpr std::string_view kWhere = "Extended XMP";
constexpr std::size_t kGuidLength = 32;
// Namespace, GUID, full length and offset take 75 of a segment's 65,533 payload bytes.
constexpr std::size_t kMaxPartBytes = 65'533 - 75;

struct Part {
  std::string_view guid;
  std::uint32_t full_length = 0;
  std::uint32_t offset = 0;
  ByteView data;
};

std::optional<Part> ReadPart(ByteView payload) {
  ByteReader reader(payload);
  if (!reader.Skip(kExtendedXmpNamespace.size())) return std::nullopt;
  const auto guid = reader.Read(kGuidLength);
  const auto full_length = reader.U32();
  const auto offset = reader.U32();
  if (!offset) return std::nullopt;
  return Part{AsText(*guid), *full_length, *offset, reader.rest()};
}

void RemoveNote(pugi::xml_node description) {
  for (pugi::xml_attribute attribute = description.first_attribute(); attribute;) {
    const pugi::xml_attribute next = attribute.next_attribute();
    if (IsNamed(description, attribute.name(), kXmpNoteUri, "HasExtendedXMP")) {
      description.remove_attribute(attribute);
    }
    attribute = next;
  }
  for (pugi::xml_node child = description.first_child(); child;) {
    const pugi::xml_node next = child.next_sibling();
    if (IsElement(child, kXmpNoteUri, "HasExtendedXMP")) {
      description.remove_child(child);
    }
    child = next;
  }
}

void AddNote(pugi::xml_node rdf, std::string_view guid) {
  // A Description of its own with its own prefixes: whatever the user's one binds stays out of it.
  pugi::xml_node description = rdf.append_child("rdf:Description");
  description.append_attribute("xmlns:rdf") = std::string(kRdfUri).c_str();
  description.append_attribute("rdf:about") = "";
  description.append_attribute("xmlns:xmpNote") = std::string(kXmpNoteUri).c_str();
  description.append_attribute("xmpNote:HasExtendedXMP") = std::string(guid).c_str();
}

}  // namespace

Expected<ExtendedXmp> JoinExtendedXmp(const JpegStream& stream, std::string_view guid,
                                      std::uint64_t max_bytes) {
  std::vector<Part> parts;
  for (const JpegSegment* segment : stream.Find(kApp1, kExtendedXmpNamespace)) {
    const std::optional<Part> part = ReadPart(segment->payload);
    if (part && part->guid == guid) parts.push_back(*part);
  }
  if (parts.empty()) {
    return Fail(ErrorCode::kBadInput, kWhere, "no part with the GUID {} was found", guid);
  }
  const std::uint32_t full_length = parts.front().full_length;
  if (full_length > max_bytes) {
    return Fail(ErrorCode::kTooLarge, kWhere, "{} bytes are claimed, the limit is {}", full_length,
                max_bytes);
  }
  std::ranges::stable_sort(parts, {}, &Part::offset);
  ExtendedXmp joined;
  for (const Part& part : parts) {
    if (part.full_length != full_length) {
      return Fail(ErrorCode::kBadInput, kWhere, "one part claims {} bytes in all, another {}",
                  full_length, part.full_length);
    }
    if (part.offset != joined.text.size()) {
      return Fail(ErrorCode::kBadInput, kWhere, "expected a part at offset {}, found one at {}",
                  joined.text.size(), part.offset);
    }
    joined.text += AsText(part.data);
  }
  if (joined.text.size() != full_length) {
    return Fail(ErrorCode::kBadInput, kWhere, "expected {} bytes in all, found {}", full_length,
                joined.text.size());
  }
  joined.digest_matches = Md5Hex(AsBytes(joined.text)) == guid;
  return joined;
}

std::vector<Bytes> ExtendedXmpPayloads(std::string_view text) {
  const std::string guid = Md5Hex(AsBytes(text));
  std::vector<Bytes> payloads;
  for (std::size_t offset = 0; offset < text.size(); offset += kMaxPartBytes) {
    ByteWriter writer;
    writer.Append(kExtendedXmpNamespace);
    writer.Append(guid);
    writer.U32(static_cast<std::uint32_t>(text.size()));
    writer.U32(static_cast<std::uint32_t>(offset));
    writer.Append(text.substr(offset, kMaxPartBytes));
    payloads.push_back(std::move(writer).Take());
  }
  return payloads;
}

Expected<std::string> WithExtendedXmpNote(std::string_view packet, std::string_view guid) {
  pugi::xml_document document;
  HDRP_ASSIGN_OR_RETURN(const pugi::xml_node rdf,
                        packet.empty() ? AppendXmpFrame(document) : ParseXmp(packet, document));
  for (const pugi::xml_node description : rdf.children()) {
    if (IsElement(description, kRdfUri, "Description")) RemoveNote(description);
  }
  if (!guid.empty()) AddNote(rdf, guid);
  return PrintXmp(document);
}

Expected<std::string> MergedXmp(std::string_view packet, std::string_view other) {
  pugi::xml_document document;
  pugi::xml_document other_document;
  HDRP_ASSIGN_OR_RETURN(const auto rdf, ParseXmp(packet, document));
  HDRP_ASSIGN_OR_RETURN(const auto other_rdf, ParseXmp(other, other_document));
  AppendDescriptions(other_rdf, rdf);
  return PrintXmp(document);
}

}  // namespace hdrp
