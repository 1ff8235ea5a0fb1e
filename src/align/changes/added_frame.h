// A frame around the edit, or bars beside it: paper and matte, no light of the scene.
#pragma once

#include <cstdint>

#include "base/plane.h"

namespace hdrp {

/// 255 where the edit was set in a frame, between bars or on a strip, else 0.
/// Frame and bars: two opposite sides are of one level along their whole length and new, in part at
/// least; with them goes every row or column beside them that is so from end to end, and what is
/// new, of that level and connected. Strip: one side, wholly new and nearly all of one level, that
/// ends at once; a clipped sky that an image model went on with does not.
/// Coded luma, and where it shows something else than the reference (not 0); of one size.
[[nodiscard]] Plane<std::uint8_t> AddedFrame(PlaneView<const std::uint8_t> edit,
                                             PlaneView<const std::uint8_t> changed);

}  // namespace hdrp
