// RGB codes as the planes that HEVC and AV1 code. Done here and not by the libraries: libheif takes
// every second chroma sample where it may choose, and both may round differently on another
// processor. Integer arithmetic throughout, so the planes are the same everywhere.
#pragma once

#include <cstdint>

#include "base/plane.h"

namespace hdrp {

enum class Chroma : std::uint8_t {
  kNone,  ///< luma alone
  k420,   ///< one sample for 2 x 2 pixels, the mean of theirs
  k444,
};

struct YccPlanes {
  Plane<std::uint8_t> y;
  Plane<std::uint8_t> cb, cr;  ///< empty for kNone
};

/// ITU-T T.871 (JFIF), which is BT.601 in full range: H.273's matrix 6. One channel is taken for
/// grey (neutral chroma), three for RGB. Precondition: kNone goes with one channel only.
[[nodiscard]] YccPlanes YccFromCodes(PlaneView<const std::uint8_t> codes, Chroma chroma);

/// G, B and R as they are, in the places of y, cb and cr: H.273's matrix 0.
[[nodiscard]] YccPlanes GbrFromCodes(PlaneView<const std::uint8_t> codes);

}  // namespace hdrp
