// The base's coded pixels, passing by once: whoever needs them reduces them on the way.
#pragma once

#include <functional>

#include "base/aspect.h"
#include "decode/jpeg_pixels.h"
#include "pipeline/stages.h"

namespace hdrp {

/// Coded RGB or grey, stored raster.
[[nodiscard]] Expected<JpegRowReader> OpenBaseRows(const ReadJpeg& base, const Request& request);

/// Calls `take` with each row in order.
[[nodiscard]] Expected<void> ForEachBaseRow(JpegRowReader& reader, const ReadJpeg& base,
                                            const std::function<void(const std::uint8_t*)>& take);

}  // namespace hdrp
