// A JPEG's luma, small and cheap: what framings are compared by.
#pragma once

#include <cstdint>

#include "align/luma_view.h"
#include "base/plane.h"
#include "decode/gain_map_jpeg.h"
#include "pipeline/request.h"

namespace hdrp {

/// Coded luma, and where in its raster the picture lies.
struct SmallPicture {
  Plane<std::uint8_t> codes;
  Extent extent;
  [[nodiscard]] LumaView view() const { return {codes.view(), extent}; }
};

/// As displayed.
[[nodiscard]] SmallPicture Oriented(const SmallPicture& stored, Orientation orientation);

/// Coded luma in the stored raster at 1/8, 1/4, 1/2 or 1/1 scale: the smallest that has
/// `least_side` pixels on the long side, if any has. DecodeJpeg's errors.
[[nodiscard]] Expected<SmallPicture> SmallLuma(const InputFile& file, const JpegStream& primary,
                                               int least_side, const Request& request);

}  // namespace hdrp
