// libultrahdr as an independent witness: its probe's numbers and its decoded pixels.
#pragma once

#include <array>
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
[[nodiscard]] Expected<LibultrahdrProbe> ProbeWithLibultrahdr(ByteView jpeg);

/// The HDR rendition at a display headroom (stops; nullopt = full), linear, RGBA half float as bits.
[[nodiscard]] Expected<Plane<std::uint16_t>> DecodeWithLibultrahdr(ByteView jpeg,
                                                                  double display_headroom_stops);

}  // namespace hdrp
