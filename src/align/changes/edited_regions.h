// Where an edit shows something else than its original: objects removed or added, skies replaced,
// text, frames, generated parts. Tone, colour, sharpening and noise reduction are no such thing.
#pragma once

#include <cstdint>

#include "base/plane.h"

namespace hdrp {

/// 255 where the content differs, else 0. Both are coded luma of one raster (about 512 pixels on
/// the long side; a place has to differ over about 1/50 of that to be found), aligned to a pixel or
/// two.
///
/// The reference's codes are first put through the tone curve that explains most of the edit; a
/// place differs where local structure (variance over some pixels) in one of the two is not in the
/// other. Flat places have none: they differ where they are enclosed by what differs and their
/// level is not the one that the curve gives. docs/alignment.md, "Edited regions".
[[nodiscard]] Plane<std::uint8_t> EditedRegions(PlaneView<const std::uint8_t> edit,
                                                PlaneView<const std::uint8_t> reference);

}  // namespace hdrp
