// Where next to nothing but lights has structure, they say whether two pictures lie as it is
// thought that they do.
#pragma once

#include <cstdint>

#include "align/compared.h"

namespace hdrp {

enum class PlacedByLights : std::uint8_t {
  kNotAsked,   ///< there is enough else to go by
  kHere,       ///< lights of the reference are in their places, or neither has any
  kElsewhere,  ///< they are not: moved, or another picture's
};

/// Whether the edit's lights lie where the reference's do, to about half a pixel. What was merely
/// dimmed is in its place. Where some are in place, others may have been retouched away, or added;
/// not both, in which case the ones in place are there by chance as soon as they are fewer.
[[nodiscard]] PlacedByLights PlaceOfLights(const LumaPair& compared);

}  // namespace hdrp
