// libultrahdr as an independent witness: its probe's numbers and its decoded pixels.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/error.h"
#include "base/plane.h"
#include "gainmap/metadata.h"

namespace hdrp {

/// What uhdr_dec_probe reports, turned back into stops.
struct LibultrahdrProbe {
  int width = 0, height = 0, map_width = 0, map_height = 0;
  GainMapMetadata metadata;
};
/// bad_input, in the library's words, when it refuses the file.
[[nodiscard]] Expected<LibultrahdrProbe> ProbeWithLibultrahdr(ByteView jpeg);

/// The HDR rendition at a display headroom (stops, >= 0; infinity = full): linear, 1.0 = SDR white,
/// RGBA half float as bits. bad_input when the library refuses the file.
[[nodiscard]] Expected<Plane<std::uint16_t>> DecodeWithLibultrahdr(ByteView jpeg,
                                                                   double display_headroom_stops);

}  // namespace hdrp
