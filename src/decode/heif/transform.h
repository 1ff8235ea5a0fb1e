// What a HEIF item's own irot and imir do to its raster, and what becomes of a raster that lacks
// those of the picture it belongs to.
#pragma once

#include <array>
#include <cstdint>

#include "base/orientation.h"
#include "metadata/heif_structure.h"

namespace hdrp {

/// irot: anti-clockwise, by its two lowest bits times 90 degrees (ISO/IEC 23008-12:2022, 6.5.10).
[[nodiscard]] inline Orientation TurnOf(std::uint8_t irot) {
  constexpr std::array<Orientation, 4> kTurns = {Orientation::kTopLeft, Orientation::kLeftBottom,
                                                 Orientation::kBottomRight, Orientation::kRightTop};
  return kTurns[irot & 3U];
}

/// imir: axis 0 swaps top and bottom, 1 left and right (the same, 6.5.12).
[[nodiscard]] inline Orientation MirrorOf(std::uint8_t imir) {
  return (imir & 1U) == 0 ? Orientation::kBottomLeft : Orientation::kTopRight;
}

/// Both, in the order in which they are associated.
[[nodiscard]] inline Orientation TransformOf(const HeifItem& item) {
  Orientation orientation = Orientation::kTopLeft;
  for (const HeifProperty& property : item.properties) {
    if (property.body.empty()) continue;
    if (property.type == "irot") {
      orientation = Compose(orientation, TurnOf(property.body[0]));
    } else if (property.type == "imir") {
      orientation = Compose(orientation, MirrorOf(property.body[0]));
    }
  }
  return orientation;
}

/// What an item still has to be turned by once its own properties are applied: by the base's, where
/// it has none of its own (Samsung's maps).
[[nodiscard]] inline Orientation MissingTransform(const HeifStructure& structure,
                                                  std::uint32_t base_id, std::uint32_t item_id) {
  const HeifItem* base = structure.Find(base_id);
  const HeifItem* item = structure.Find(item_id);
  if (base == nullptr || item == nullptr || PropertyOf(*item, "irot") != nullptr ||
      PropertyOf(*item, "imir") != nullptr) {
    return Orientation::kTopLeft;
  }
  return TransformOf(*base);
}

}  // namespace hdrp
