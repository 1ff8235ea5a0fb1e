#include "metadata/heif_structure.h"

#include <algorithm>
#include <map>

#include "base/byte_reader.h"
#include "metadata/boxes.h"

namespace hdrp {
namespace {

constexpr std::string_view kWhere = "HEIF item structure";
constexpr std::size_t kMaxItems = 10'000;
constexpr std::size_t kMaxOfAnythingElse = 100'000;

std::unexpected<Error> CutOff(std::string_view box) {
  return Fail(ErrorCode::kBadInput, kWhere, "the box '{}' ends before its content does", box);
}

/// Version and flags of a FullBox.
struct FullBox {
  std::uint8_t version = 0;
  std::uint32_t flags = 0;
};
std::optional<FullBox> ReadFullBox(ByteReader& reader) {
  const auto word = reader.U32();
  if (!word) return std::nullopt;
  return FullBox{static_cast<std::uint8_t>(*word >> 24), *word & 0xFF'FFFF};
}

/// Identifiers and counts that a box's version makes 16 or 32 bits wide.
std::optional<std::uint32_t> ReadNumber(ByteReader& reader, bool is_wide) {
  if (is_wide) return reader.U32();
  const auto value = reader.U16();
  return value ? std::optional<std::uint32_t>(*value) : std::nullopt;
}

class Parser {
 public:
  explicit Parser(ByteView file) : file_(file) {}

  Expected<HeifStructure> Run() {
    HDRP_ASSIGN_OR_RETURN(const auto top, ReadBoxes(file_, 0, file_.size()));
    const Box* ftyp = FindBox(top, "ftyp");
    const Box* meta = FindBox(top, "meta");
    if (ftyp == nullptr || meta == nullptr) {
      return Fail(ErrorCode::kBadInput, kWhere, "expected the boxes ftyp and meta, found no {}",
                  ftyp == nullptr ? "ftyp" : "meta");
    }
    HDRP_RETURN_IF_ERROR(ReadBrands(*ftyp));
    HDRP_RETURN_IF_ERROR(ReadMeta(*meta));
    return std::move(result_);
  }

 private:
  /// The boxes in a FullBox, after `skip` more bytes of its own.
  Expected<std::vector<Box>> Children(const Box& box, std::size_t skip) {
    if (box.end - box.body_begin < skip) return CutOff(box.type);
    return ReadBoxes(file_, box.body_begin + skip, box.end);
  }

  /// Counts something that is not an item; an error once there is too much.
  Expected<void> Count(std::size_t more) {
    counted_ += more;
    if (counted_ <= kMaxOfAnythingElse) return {};
    return Fail(ErrorCode::kBadInput, kWhere,
                "more than {} associations, references and group members", kMaxOfAnythingElse);
  }

  Expected<void> ReadBrands(const Box& box) {
    ByteReader reader(box.Body(file_));
    const auto major = reader.Read(4);
    if (!major || !reader.Skip(4)) return CutOff(box.type);  // a minor version
    HDRP_RETURN_IF_ERROR(Count(reader.remaining() / 4));
    result_.brands.push_back(AsText(*major));
    while (const auto brand = reader.Read(4)) result_.brands.push_back(AsText(*brand));
    return {};
  }

  Expected<void> ReadMeta(const Box& meta) {
    HDRP_ASSIGN_OR_RETURN(const auto boxes, Children(meta, 4));
    using Reader = Expected<void> (Parser::*)(const Box&);
    // Items first: properties are put into them.
    constexpr std::pair<std::string_view, Reader> kReaders[] = {
        {"pitm", &Parser::ReadPrimary},    {"iinf", &Parser::ReadItems},
        {"iprp", &Parser::ReadProperties}, {"iref", &Parser::ReadReferences},
        {"grpl", &Parser::ReadGroups},
    };
    for (const auto& [type, read] : kReaders) {
      const Box* box = FindBox(boxes, type);
      if (box == nullptr) continue;
      HDRP_RETURN_IF_ERROR((this->*read)(*box));
    }
    return {};
  }

  Expected<void> ReadPrimary(const Box& box) {
    ByteReader reader(box.Body(file_));
    const auto full = ReadFullBox(reader);
    const auto id = full ? ReadNumber(reader, full->version > 0) : std::nullopt;
    if (!id) return CutOff(box.type);
    result_.primary = *id;
    return {};
  }

  Expected<void> ReadItems(const Box& box) {
    ByteReader reader(box.Body(file_));
    const auto full = ReadFullBox(reader);
    // The count repeats what the boxes say; those are read that are there.
    const auto count = full ? ReadNumber(reader, full->version > 0) : std::nullopt;
    if (!count) return CutOff(box.type);
    HDRP_ASSIGN_OR_RETURN(const auto entries, Children(box, reader.position()));
    for (const Box& entry : entries) {
      if (entry.type != "infe") continue;
      HDRP_RETURN_IF_ERROR(ReadItem(entry));
    }
    return {};
  }

  Expected<void> ReadItem(const Box& box) {
    if (result_.items.size() == kMaxItems) {
      return Fail(ErrorCode::kBadInput, kWhere, "more than {} items", kMaxItems);
    }
    ByteReader reader(box.Body(file_));
    const auto full = ReadFullBox(reader);
    const auto id = full ? ReadNumber(reader, full->version > 2) : std::nullopt;
    if (!id || !reader.Skip(2)) return CutOff(box.type);  // protection
    HeifItem item{.id = *id, .hidden = (full->flags & 1U) != 0};
    if (full->version >= 2) {  // older entries have no type
      const auto type = reader.Read(4);
      if (!type) return CutOff(box.type);
      item.type = AsText(*type);
    }
    if (!positions_.emplace(item.id, result_.items.size()).second) {
      return Fail(ErrorCode::kBadInput, kWhere, "item {} is described twice", item.id);
    }
    result_.items.push_back(std::move(item));
    return {};
  }

  Expected<void> ReadProperties(const Box& box) {
    HDRP_ASSIGN_OR_RETURN(const auto boxes, Children(box, 0));
    const Box* container = FindBox(boxes, "ipco");
    if (container == nullptr) {
      return Fail(ErrorCode::kBadInput, kWhere, "expected the box ipco in iprp, found none");
    }
    HDRP_ASSIGN_OR_RETURN(const auto properties, Children(*container, 0));
    for (const Box& association : boxes) {
      if (association.type != "ipma") continue;
      HDRP_RETURN_IF_ERROR(Associate(association, properties));
    }
    return {};
  }

  Expected<void> Associate(const Box& box, const std::vector<Box>& properties) {
    ByteReader reader(box.Body(file_));
    const auto full = ReadFullBox(reader);
    const auto entries = full ? reader.U32() : std::nullopt;
    if (!entries) return CutOff(box.type);
    const bool has_wide_index = (full->flags & 1U) != 0;
    for (std::uint32_t i = 0; i < *entries; ++i) {
      const auto id = ReadNumber(reader, full->version > 0);
      const auto count = id ? reader.U8() : std::nullopt;
      if (!count) return CutOff(box.type);
      HDRP_RETURN_IF_ERROR(Count(1 + std::size_t{*count}));
      const auto item = positions_.find(*id);
      for (unsigned k = 0; k < *count; ++k) {
        const auto narrow = has_wide_index ? std::nullopt : reader.U8();
        const auto wide = has_wide_index ? reader.U16() : std::nullopt;
        if (!narrow && !wide) return CutOff(box.type);
        const bool is_essential =
            ((narrow ? unsigned{*narrow} << 8U : unsigned{*wide}) & 0x8000U) != 0;
        const std::size_t index = narrow ? *narrow & 0x7FU : *wide & 0x7FFFU;
        if (index > properties.size()) {
          return Fail(ErrorCode::kBadInput, kWhere, "item {} has property {} of {}", *id, index,
                      properties.size());
        }
        // Index 0 means none (ISO/IEC 23008-12, 9.3.1).
        if (index == 0 || item == positions_.end()) continue;
        const Box& property = properties[index - 1];
        result_.items[item->second].properties.push_back(
            {.type = property.type, .body = property.Body(file_), .essential = is_essential});
      }
    }
    return {};
  }

  Expected<void> ReadReferences(const Box& box) {
    ByteReader head(box.Body(file_));
    const auto full = ReadFullBox(head);
    if (!full) return CutOff(box.type);
    HDRP_ASSIGN_OR_RETURN(const auto boxes, Children(box, head.position()));
    const bool is_wide = full->version > 0;
    for (const Box& child : boxes) {
      ByteReader reader(child.Body(file_));
      const auto from = ReadNumber(reader, is_wide);
      const auto count = reader.U16();
      if (!from || !count) return CutOff(child.type);
      HDRP_RETURN_IF_ERROR(Count(1 + std::size_t{*count}));
      HeifReference reference{.type = child.type, .from = *from};
      for (unsigned i = 0; i < *count; ++i) {
        const auto to = ReadNumber(reader, is_wide);
        if (!to) return CutOff(child.type);
        reference.to.push_back(*to);
      }
      result_.references.push_back(std::move(reference));
    }
    return {};
  }

  Expected<void> ReadGroups(const Box& box) {
    HDRP_ASSIGN_OR_RETURN(const auto boxes, Children(box, 0));
    for (const Box& child : boxes) {
      ByteReader reader(child.Body(file_));
      const auto full = ReadFullBox(reader);
      const auto id = reader.U32();
      const auto count = reader.U32();
      if (!full || !id || !count || *count > reader.remaining() / 4) return CutOff(child.type);
      HDRP_RETURN_IF_ERROR(Count(1 + std::size_t{*count}));
      HeifGroup group{.type = child.type, .id = *id};
      for (std::uint32_t i = 0; i < *count; ++i) {
        const auto entity = reader.U32();
        if (!entity) return CutOff(child.type);
        group.entities.push_back(*entity);
      }
      result_.groups.push_back(std::move(group));
    }
    return {};
  }

  ByteView file_;
  HeifStructure result_;
  std::map<std::uint32_t, std::size_t> positions_;  ///< of the items, by id
  std::size_t counted_ = 0;
};

}  // namespace

const HeifItem* HeifStructure::Find(std::uint32_t id) const {
  const auto found = std::ranges::find(items, id, &HeifItem::id);
  return found == items.end() ? nullptr : &*found;
}

std::vector<std::uint32_t> HeifStructure::Targets(std::uint32_t from, std::string_view type) const {
  for (const HeifReference& reference : references) {
    if (reference.from == from && reference.type == type) return reference.to;
  }
  return {};
}

const HeifProperty* PropertyOf(const HeifItem& item, std::string_view type) {
  const auto found = std::ranges::find(item.properties, type, &HeifProperty::type);
  return found == item.properties.end() ? nullptr : &*found;
}

Expected<HeifStructure> ReadHeifStructure(ByteView file) { return Parser(file).Run(); }

}  // namespace hdrp
