// Photoshop's image resources and the IPTC data among them, under the policy. Both are plain lists
// of records; what stays is copied as it is. Sources: Adobe Photoshop File Formats Specification,
// "Image Resource Blocks"; IPTC-NAA Information Interchange Model 4.2, chapter 1.
#include <algorithm>
#include <optional>

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "metadata/allow_list.h"
#include "metadata/exif.h"

namespace hdrp {
namespace {

constexpr std::string_view kResourceSignature = "8BIM";
constexpr std::uint16_t kIptcResource = 0x0404;
constexpr std::uint8_t kDatasetMarker = 0x1C;
constexpr std::uint16_t kExtendedLength = 0x8000;

struct Resource {
  std::uint16_t id = 0;
  ByteView content;
};

/// nullopt at the end of the list and where it is broken.
std::optional<Resource> NextResource(ByteReader& reader) {
  const auto signature = reader.Read(kResourceSignature.size());
  if (!signature || AsText(*signature) != kResourceSignature) return std::nullopt;
  const auto id = reader.U16();
  const auto name_size = reader.U8();  // a Pascal string, padded to an even size with its length
  if (!id || !name_size || !reader.Skip(*name_size + (*name_size % 2 == 0 ? 1U : 0U))) {
    return std::nullopt;
  }
  const auto size = reader.U32();
  const auto content = size ? reader.Read(*size) : std::nullopt;
  if (!content) return std::nullopt;
  (void)reader.Skip(*size % 2);  // some writers leave out the last padding byte
  return Resource{*id, *content};
}

void AppendResource(ByteWriter& out, const Resource& resource) {
  out.Append(kResourceSignature);
  out.U16(resource.id);
  out.U16(0);  // no name
  out.U32(static_cast<std::uint32_t>(resource.content.size()));
  out.Append(resource.content);
  if (resource.content.size() % 2 != 0) out.U8(0);
}

struct Dataset {
  std::uint8_t record = 0;
  std::uint8_t number = 0;
  ByteView bytes;  ///< with its header
};

std::optional<std::uint32_t> DatasetSize(ByteReader& reader) {
  const auto length = reader.U16();
  if (!length || *length < kExtendedLength) return length;
  // The other bits count the bytes of the real size, which follow.
  const auto bytes = reader.Read(*length - kExtendedLength);
  if (!bytes || bytes->size() > sizeof(std::uint32_t)) return std::nullopt;
  std::uint32_t size = 0;
  for (const std::uint8_t byte : *bytes) size = (size << 8) | byte;
  return size;
}

/// nullopt at the end of the list and where it is broken.
std::optional<Dataset> NextDataset(ByteReader& reader) {
  const ByteView rest = reader.rest();
  const std::size_t begin = reader.position();
  if (reader.U8() != kDatasetMarker) return std::nullopt;
  const auto record = reader.U8();
  const auto number = reader.U8();
  const auto size = DatasetSize(reader);
  if (!record || !number || !size || !reader.Skip(*size)) return std::nullopt;
  return Dataset{*record, *number, rest.first(reader.position() - begin)};
}

Bytes AllowedIptc(ByteView iptc) {
  ByteWriter out;
  bool says_something = false;  // more than versions and the character set
  ByteReader reader(iptc);
  while (const auto dataset = NextDataset(reader)) {
    if (!IsAllowedIptc(dataset->record, dataset->number)) continue;
    out.Append(dataset->bytes);
    says_something |= dataset->record == 2 && dataset->number != 0;
  }
  return says_something ? std::move(out).Take() : Bytes();
}

Bytes AllowedResources(ByteReader reader) {
  ByteWriter out;
  while (const auto resource = NextResource(reader)) {
    if (std::ranges::contains(kAllowedPhotoshop, resource->id)) {
      AppendResource(out, *resource);
    } else if (resource->id == kIptcResource) {
      const Bytes iptc = AllowedIptc(resource->content);
      if (!iptc.empty()) AppendResource(out, {kIptcResource, iptc});
    }
  }
  return std::move(out).Take();
}

}  // namespace

FilteredMetadata FilterPhotoshop(ByteView payload, ExifPolicy policy) {
  if (policy == ExifPolicy::kKeep) return {{payload.begin(), payload.end()}, {}};
  ByteReader reader(payload);
  if (policy == ExifPolicy::kStrip || !StartsWith(payload, kPhotoshopNamespace) ||
      !reader.Skip(kPhotoshopNamespace.size())) {
    return {};
  }
  const Bytes resources = AllowedResources(reader);
  if (resources.empty()) return {};
  ByteWriter out;
  out.Append(kPhotoshopNamespace);
  out.Append(resources);
  return {std::move(out).Take(), {}};
}

}  // namespace hdrp
