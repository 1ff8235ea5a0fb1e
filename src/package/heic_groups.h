// What libheif's writing interface cannot say: which items are hidden, and the group of
// alternatives (altr) that makes a tmap item count. Added to a finished file.
// Sources: ISO/IEC 14496-12 (iloc, infe, grpl), ISO/IEC 23008-12:2022/Amd 1 (tmap).
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/error.h"

namespace hdrp {

struct GainMapItems {
  std::uint32_t map = 0;              ///< becomes hidden
  std::optional<std::uint32_t> tmap;  ///< becomes visible, and the first of altr [tmap, primary]
};

/// The same pictures at new places. Every width of iloc's fields is understood; construction
/// methods 1 and 2 (offsets into other boxes) stay as they are. bad_input, with the place, for what
/// does not parse; unsupported for a file that has entity groups already, whose meta box has no
/// plain size, whose tmap is not [primary, map], or whose offsets outgrow their fields.
[[nodiscard]] Expected<Bytes> WithGainMapGroups(ByteView file, const GainMapItems& items);

}  // namespace hdrp
