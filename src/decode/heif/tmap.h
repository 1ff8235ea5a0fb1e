// `tmap` items (ISO/IEC 23008-12 amd 1, ISO 21496-1): where they stand in a HEIF or AVIF file and
// what is wrong with how they are announced. Payloads are read through libheif.
#pragma once

#include <libheif/heif.h>
#include <libheif/heif_items.h>

#include <optional>
#include <string>
#include <vector>

#include "color/color_spec.h"
#include "decode/heif/file.h"
#include "metadata/heif_structure.h"

namespace hdrp {

struct TmapItem {
  std::uint32_t id = 0;
  std::uint32_t map_id = 0;  ///< 0 unless the item's inputs are [primary, map]
  /// Sentences: other inputs, no `altr` group with the primary, no brand `tmap`.
  std::vector<std::string> problems;
};

[[nodiscard]] std::vector<TmapItem> FindTmaps(const HeifStructure& structure);

/// What the item's colr property says of the alternate image; nullopt where it says nothing.
[[nodiscard]] std::optional<ColorSpec> AlternateColorOf(const HeifStructure& structure,
                                                        std::uint32_t tmap);

/// The ISO 21496-1 block of a tmap item: its payload without the leading version byte. bad_input
/// for an empty payload, unsupported for another version than 0.
[[nodiscard]] Expected<Bytes> ReadTmapBlock(const heif_context* context, std::uint32_t id,
                                            const Limits& limits);

/// Auxiliary types of gain maps end so (Apple's, Samsung's).
inline constexpr std::string_view kGainMapAuxSuffix = "aux:hdrgainmap";

}  // namespace hdrp
