// Does everything lie where the same framing has it? By how far things are displaced, not by how
// alike they are: a tone edit makes pictures unlike and moves nothing.
#pragma once

#include "align/luma_view.h"

namespace hdrp {

enum class Placed {
  kSame,     ///< nothing moved by more than the tolerance
  kMoved,    ///< something did
  kUnknown,  ///< too little of one is found in the other to say
};

struct Displacement {
  Placed placed = Placed::kUnknown;
  double most =
      0;  ///< of the smooth field of shifts, over the whole picture: share of the long side
  int textured = 0;  ///< places looked at
  int in_place = 0;  ///< of these, those found within half a pixel of the small raster
  int astray = 0;    ///< of these, those in a group that moved against the field
};

/// Both small (about 512 pixels on the long side: displacements are judged to about a tenth of a
/// pixel of the smaller), of about the same aspect. `tolerance`: share of the long side.
[[nodiscard]] Displacement DisplacementOf(const LumaView& edit, const LumaView& reference,
                                          double tolerance);

}  // namespace hdrp
