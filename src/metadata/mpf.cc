#include "metadata/mpf.h"

#include <array>
#include <optional>

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "base/formatted.h"

namespace hdrp {
namespace {

constexpr std::uint16_t kVersionTag = 0xB000;
constexpr std::uint16_t kCountTag = 0xB001;
constexpr std::uint16_t kEntriesTag = 0xB002;
constexpr std::uint16_t kLastKnownTag = 0xB004;
constexpr std::uint16_t kUndefinedType = 7;
constexpr std::uint16_t kLongType = 4;
constexpr std::size_t kEntrySize = 16;
constexpr std::size_t kMaxEntries = 64;
constexpr std::uint32_t kPrimaryAttribute = 0x030000;
constexpr std::uint32_t kTypeMask = 0x00FFFFFF;
constexpr std::uint32_t kFormatMask = 0x07000000;

struct Directory {
  std::optional<std::uint32_t> image_count;
  std::optional<std::uint32_t> entries_size, entries_offset;
};

[[nodiscard]] std::unexpected<Error> Broken(std::string_view what) {
  return Fail(ErrorCode::kBadInput, "MPF index", "{}", what);
}

/// Positions the reader at the first IFD, in the order the header says.
[[nodiscard]] Expected<ByteReader> OpenTiff(ByteView tiff) {
  ByteReader reader(tiff);
  const auto order = reader.Read(2);
  if (!order) return Broken("is too short for a TIFF header");
  if (StartsWith(*order, "II")) {
    reader.set_order(ByteOrder::kLittleEndian);
  } else if (!StartsWith(*order, "MM")) {
    return Broken("expected a TIFF header, found neither MM nor II");
  }
  const auto magic = reader.U16();
  const auto offset = reader.U32();
  if (!magic || *magic != 42 || !offset || !reader.Seek(*offset)) {
    return Broken("has a broken TIFF header");
  }
  return reader;
}

[[nodiscard]] Expected<Directory> ReadDirectory(ByteReader& reader, MpfIndex& index) {
  Directory directory;
  const auto count = reader.U16();
  if (!count) return Broken("has no directory");
  std::uint16_t previous = 0;
  bool sorted = true;
  bool has_version = false;
  for (std::uint16_t i = 0; i < *count; ++i) {
    const auto tag = reader.U16();
    const auto type = reader.U16();
    const auto values = reader.U32();
    const auto value_bytes = reader.Read(4);
    if (!tag || !type || !values || !value_bytes) return Broken("ends inside its directory");
    sorted = sorted && *tag > previous;
    previous = *tag;
    if (*tag < kVersionTag || *tag > kLastKnownTag) {
      index.deviations.push_back(Formatted("MPF tag 0x{:04x} is unknown", *tag));
    }
    has_version = has_version || (*tag == kVersionTag && StartsWith(*value_bytes, "0100"));
    // The value again as a number: the reader's byte order applies to it.
    ByteReader value = reader;
    (void)value.Seek(reader.position() - 4);
    if (*tag == kCountTag) directory.image_count = value.U32();
    if (*tag == kEntriesTag) {
      directory.entries_size = *values;
      directory.entries_offset = value.U32();
    }
  }
  if (!sorted) index.deviations.emplace_back("the MPF tags are not in ascending order");
  if (!has_version) index.deviations.emplace_back("the MPF version is not 0100");
  return directory;
}

void NoteEntries(MpfIndex& index) {
  for (std::size_t i = 0; i < index.entries.size(); ++i) {
    const MpfEntry& entry = index.entries[i];
    const bool primary = (entry.attribute & kTypeMask) == kPrimaryAttribute;
    if (i == 0 && !primary) {
      index.deviations.emplace_back("MPF entry 0 is not of the primary's type 0x030000");
    }
    if (i == 0 && entry.offset != 0) {
      index.deviations.push_back(Formatted("MPF entry 0 has offset {}, expected 0", entry.offset));
    }
    if (i > 0 && primary) {
      index.deviations.push_back(Formatted("MPF entry {} is of the primary's type too", i));
    }
    if ((entry.attribute & kFormatMask) != 0) {
      index.deviations.push_back(Formatted("MPF entry {} is not marked as JPEG", i));
    }
  }
}

}  // namespace

Expected<MpfIndex> ReadMpf(ByteView payload) {
  if (!StartsWith(payload, kMpfNamespace)) return Broken("does not start with MPF");
  const ByteView tiff = payload.subspan(kMpfNamespace.size());
  MpfIndex index;
  HDRP_ASSIGN_OR_RETURN(ByteReader reader, OpenTiff(tiff));
  HDRP_ASSIGN_OR_RETURN(Directory directory, ReadDirectory(reader, index));
  if (!directory.entries_offset || !directory.entries_size) return Broken("lists no images");

  const std::size_t count = *directory.entries_size / kEntrySize;
  if (count > kMaxEntries) return Broken("lists more than 64 images");
  if (directory.image_count && *directory.image_count != count) {
    index.deviations.push_back(
        Formatted("MPF says {} images and lists {}", *directory.image_count, count));
  }
  if (!reader.Seek(*directory.entries_offset)) return Broken("has its entries past its end");
  for (std::size_t i = 0; i < count; ++i) {
    const auto attribute = reader.U32();
    const auto size = reader.U32();
    const auto offset = reader.U32();
    if (!attribute || !size || !offset || !reader.Skip(4)) return Broken("ends inside an entry");
    index.entries.push_back({*attribute, *size, *offset});
  }
  NoteEntries(index);
  return index;
}

Bytes WriteMpf(std::uint32_t primary_size, std::uint32_t map_size,
               std::uint32_t tiff_header_position) {
  constexpr std::uint32_t kFirstIfd = 8;
  constexpr std::uint32_t kEntriesOffset = 50;  // after 3 tags of 12 bytes and the next-IFD field
  ByteWriter writer;
  writer.Append(kMpfNamespace);
  writer.Append(std::string_view("MM\0*", 4));
  writer.U32(kFirstIfd);
  writer.U16(3);
  writer.U16(kVersionTag);
  writer.U16(kUndefinedType);
  writer.U32(4);
  writer.Append("0100");
  writer.U16(kCountTag);
  writer.U16(kLongType);
  writer.U32(1);
  writer.U32(2);
  writer.U16(kEntriesTag);
  writer.U16(kUndefinedType);
  writer.U32(2 * kEntrySize);
  writer.U32(kEntriesOffset);
  writer.U32(0);  // no next IFD
  // Offsets count from the TIFF header; the primary's own is 0 by definition.
  for (const MpfEntry& entry :
       std::array<MpfEntry, 2>{{{kPrimaryAttribute, primary_size, 0},
                                {0, map_size, primary_size - tiff_header_position}}}) {
    writer.U32(entry.attribute);
    writer.U32(entry.size);
    writer.U32(entry.offset);
    writer.U32(0);  // no dependent images
  }
  return std::move(writer).Take();
}

}  // namespace hdrp
