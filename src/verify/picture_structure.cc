#include "verify/picture_structure.h"

#include <algorithm>
#include <array>

#include "base/bytes.h"

namespace hdrp {
namespace {

constexpr std::array<std::string_view, 4> kPixelItems = {"hvc1", "av01", "grid", "iovl"};
constexpr std::size_t kFullBoxHeader = 4;  // version and flags

bool IsReferredFrom(const HeifStructure& structure, const HeifItem& item, std::string_view type) {
  return std::ranges::any_of(structure.references, [&](const HeifReference& reference) {
    return reference.type == type && reference.from == item.id;
  });
}

bool IsPartOf(const HeifStructure& structure, const HeifItem& item) {
  return std::ranges::any_of(structure.references, [&](const HeifReference& reference) {
    const HeifItem* whole = structure.Find(reference.from);
    return reference.type == "dimg" && whole != nullptr && whole->type != "tmap" &&
           std::ranges::contains(reference.to, item.id);
  });
}

}  // namespace

std::optional<ToneMapItem> FindToneMap(const HeifStructure& structure) {
  const auto found = std::ranges::find(structure.items, "tmap", &HeifItem::type);
  if (found == structure.items.end()) return std::nullopt;
  ToneMapItem result{.item = &*found};
  if (const auto parts = structure.Targets(found->id, "dimg"); parts.size() == 2) {
    result.base = structure.Find(parts[0]);
    result.gain_map = structure.Find(parts[1]);
  }
  result.in_altr_group = std::ranges::any_of(structure.groups, [&](const HeifGroup& group) {
    return group.type == "altr" && group.entities.size() >= 2 && group.entities[0] == found->id &&
           structure.primary == group.entities[1];
  });
  return result;
}

std::string_view AuxiliaryType(const HeifItem& item) {
  const HeifProperty* property = PropertyOf(item, "auxC");
  if (property == nullptr || property->body.size() <= kFullBoxHeader) return {};
  const std::string_view text = AsText(property->body.subspan(kFullBoxHeader));
  return text.substr(0, text.find('\0'));
}

const HeifItem* FindAuxiliary(const HeifStructure& structure, std::string_view type) {
  for (const HeifItem& item : structure.items) {
    if (AuxiliaryType(item) != type || !structure.primary) continue;
    if (std::ranges::contains(structure.Targets(item.id, "auxl"), *structure.primary)) return &item;
  }
  return nullptr;
}

bool HasBrand(const HeifStructure& structure, std::string_view brand) {
  return std::ranges::contains(structure.brands, brand);
}

int VisiblePictures(const HeifStructure& structure) {
  return static_cast<int>(std::ranges::count_if(structure.items, [&](const HeifItem& item) {
    return !item.hidden && std::ranges::contains(kPixelItems, item.type) &&
           !IsReferredFrom(structure, item, "auxl") && !IsReferredFrom(structure, item, "thmb") &&
           !IsPartOf(structure, item);
  }));
}

}  // namespace hdrp
