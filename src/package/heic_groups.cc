#include "package/heic_groups.h"

#include <algorithm>
#include <limits>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "metadata/boxes.h"
#include "metadata/heif_structure.h"
#include "package/item_locations.h"

namespace hdrp {
namespace {

constexpr std::string_view kWhere = "HEIC groups";
constexpr std::size_t kFullBoxHeader = 4;  // version and flags

std::uint32_t LargestId(const HeifStructure& structure) {
  std::uint32_t largest = 0;
  for (const HeifItem& item : structure.items) largest = std::max(largest, item.id);
  return largest;
}

/// The items are what they are said to be.
Expected<void> CheckItems(const HeifStructure& structure, const GainMapItems& items) {
  if (structure.Find(items.map) == nullptr) {
    return Fail(ErrorCode::kBadInput, kWhere, "expected the map to be item {}, found none",
                items.map);
  }
  if (!items.tmap) return {};
  const HeifItem* tmap = structure.Find(*items.tmap);
  const std::vector<std::uint32_t> inputs = structure.Targets(*items.tmap, "dimg");
  if (tmap == nullptr || tmap->type != "tmap" || !structure.primary ||
      inputs != std::vector<std::uint32_t>{*structure.primary, items.map}) {
    return Fail(ErrorCode::kUnsupported, kWhere,
                "expected item {} to be a tmap of the primary item and item {}", *items.tmap,
                items.map);
  }
  if (LargestId(structure) == std::numeric_limits<std::uint32_t>::max()) {
    return Fail(ErrorCode::kUnsupported, kWhere, "no id is left for a group");
  }
  return {};
}

Bytes GroupsBox(const HeifStructure& structure, std::uint32_t tmap) {
  constexpr std::uint32_t kGroupSize = 28;
  ByteWriter box;
  box.U32(kGroupSize + 8);
  box.Append(std::string_view("grpl"));
  box.U32(kGroupSize);
  box.Append(std::string_view("altr"));
  box.U32(0);                         // version and flags
  box.U32(LargestId(structure) + 1);  // no item has this id
  box.U32(2);
  box.U32(tmap);
  box.U32(*structure.primary);
  return std::move(box).Take();
}

/// Bit 0 of each infe's flags, where the item is one of ours.
Expected<void> SetHiddenBits(Bytes& file, const Box& iinf, const GainMapItems& items) {
  const std::size_t body = iinf.body_begin;
  if (iinf.end - body < kFullBoxHeader) {
    return Fail(ErrorCode::kBadInput, kWhere, "the item list at byte {} is cut short", iinf.begin);
  }
  const std::size_t header = kFullBoxHeader + (file[body] == 0 ? 2 : 4);  // count
  if (iinf.end - body < header) {
    return Fail(ErrorCode::kBadInput, kWhere, "the item list at byte {} is cut short", iinf.begin);
  }
  HDRP_ASSIGN_OR_RETURN(const std::vector<Box> entries, ReadBoxes(file, body + header, iinf.end));
  for (const Box& entry : entries) {
    ByteReader reader(entry.Body(file));
    const auto version = reader.U8();
    if (!version || !reader.Skip(3)) {
      return Fail(ErrorCode::kBadInput, kWhere, "the item at byte {} is cut short", entry.begin);
    }
    if (entry.type != "infe" || (*version != 2 && *version != 3)) {
      return Fail(ErrorCode::kUnsupported, kWhere,
                  "expected items of version 2 or 3, found version {} at byte {}", *version,
                  entry.begin);
    }
    std::optional<std::uint32_t> id;
    if (*version == 2) {
      id = reader.U16();
    } else {
      id = reader.U32();
    }
    if (!id) {
      return Fail(ErrorCode::kBadInput, kWhere, "the item at byte {} is cut short", entry.begin);
    }
    std::uint8_t& flags = file[entry.body_begin + 3];
    if (*id == items.map) flags = static_cast<std::uint8_t>(flags | 1U);
    if (id == items.tmap) flags = static_cast<std::uint8_t>(flags & ~1U);
  }
  return {};
}

/// Inserted as the last child of `meta`, whose size and whose items' places follow.
Expected<Bytes> WithLastChild(Bytes file, const Box& meta, const Box& iloc, ByteView child) {
  const std::uint64_t size = meta.end - meta.begin + child.size();
  if (!meta.has_plain_size || size > std::numeric_limits<std::uint32_t>::max()) {
    return Fail(ErrorCode::kUnsupported, kWhere, "the meta box at byte {} has no plain size",
                meta.begin);
  }
  HDRP_RETURN_IF_ERROR(
      MoveItemLocations(std::span(file).subspan(iloc.body_begin, iloc.end - iloc.body_begin),
                        {.from = meta.end, .by = child.size()}));
  for (std::size_t i = 0; i < 4; ++i) {
    file[meta.begin + i] = static_cast<std::uint8_t>((size >> (24 - 8 * i)) & 0xFF);
  }
  file.insert(file.begin() + static_cast<std::ptrdiff_t>(meta.end), child.begin(), child.end());
  return file;
}

/// An extended size of an enclosing box would have to follow as well; meta stands at the top.
Expected<Box> OnlyMeta(ByteView file) {
  HDRP_ASSIGN_OR_RETURN(const std::vector<Box> top, ReadBoxes(file, 0, file.size()));
  const auto count = std::ranges::count(top, "meta", &Box::type);
  if (count != 1) {
    return Fail(ErrorCode::kBadInput, kWhere, "expected one meta box, found {}", count);
  }
  const Box meta = *FindBox(top, "meta");
  if (meta.end - meta.body_begin < kFullBoxHeader) {
    return Fail(ErrorCode::kBadInput, kWhere, "the meta box at byte {} is cut short", meta.begin);
  }
  return meta;
}

}  // namespace

Expected<Bytes> WithGainMapGroups(ByteView file, const GainMapItems& items) {
  HDRP_ASSIGN_OR_RETURN(const HeifStructure structure, ReadHeifStructure(file));
  HDRP_RETURN_IF_ERROR(CheckItems(structure, items));
  HDRP_ASSIGN_OR_RETURN(const Box meta, OnlyMeta(file));
  HDRP_ASSIGN_OR_RETURN(const auto children,
                        ReadBoxes(file, meta.body_begin + kFullBoxHeader, meta.end));
  const Box* iinf = FindBox(children, "iinf");
  const Box* iloc = FindBox(children, "iloc");
  if (iinf == nullptr || iloc == nullptr) {
    return Fail(ErrorCode::kBadInput, kWhere, "expected iinf and iloc in the meta box");
  }
  if (FindBox(children, "grpl") != nullptr) {
    return Fail(ErrorCode::kUnsupported, kWhere, "the file has entity groups already");
  }
  Bytes result(file.begin(), file.end());
  HDRP_RETURN_IF_ERROR(SetHiddenBits(result, *iinf, items));
  if (!items.tmap) return result;
  return WithLastChild(std::move(result), meta, *iloc, GroupsBox(structure, *items.tmap));
}

}  // namespace hdrp
