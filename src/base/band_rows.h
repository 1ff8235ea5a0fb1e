// How many rows of a picture are in memory at once where it goes by in bands.
#pragma once

namespace hdrp {

/// Whole rows of a JPEG's coding blocks (8 or 16), so many that a call's own cost is nothing, and
/// so few that RGB floats of a picture 12000 wide are 9 MB. Results must not depend on it. Loops
/// with a reason for another height name their own.
inline constexpr int kBandRows = 64;

}  // namespace hdrp
