// What the checks and the reader rules ask of a HEIF or AVIF file's items.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "metadata/heif_structure.h"

namespace hdrp {

/// The tmap item and what it points to; ISO/IEC 23008-12 wants dimg = [base, gain map].
struct ToneMapItem {
  const HeifItem* item = nullptr;
  const HeifItem* base = nullptr;  ///< nullptr: the reference is not as it should be
  const HeifItem* gain_map = nullptr;
  bool in_altr_group = false;  ///< [tmap, base]: readers may show the one or the other
};
[[nodiscard]] std::optional<ToneMapItem> FindToneMap(const HeifStructure& structure);

/// The URN of an auxiliary image; empty for any other item.
[[nodiscard]] std::string_view AuxiliaryType(const HeifItem& item);

/// The first auxiliary image of this type that belongs to the primary item.
[[nodiscard]] const HeifItem* FindAuxiliary(const HeifStructure& structure, std::string_view type);

[[nodiscard]] bool HasBrand(const HeifStructure& structure, std::string_view brand);

/// Pictures that a viewer would list: items of pixels that are not hidden, nor auxiliary, nor
/// thumbnails, nor parts of another.
[[nodiscard]] int VisiblePictures(const HeifStructure& structure);

}  // namespace hdrp
