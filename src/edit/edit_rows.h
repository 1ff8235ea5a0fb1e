// The edit's coded pixels, passing by once: whoever needs them reduces them on the way.
#pragma once

#include <functional>

#include "base/rows.h"
#include "decode/jpeg_pixels.h"
#include "edit/edit_jpeg.h"

namespace hdrp {

/// Coded RGB or grey, stored raster.
[[nodiscard]] Expected<JpegRowReader> OpenEditRows(const EditJpeg& edit,
                                                   const Resources& resources);

/// Calls `take` with each row in order.
[[nodiscard]] Expected<void> ForEachEditRow(JpegRowReader& reader, const EditJpeg& edit,
                                            const std::function<void(const std::uint8_t*)>& take);

}  // namespace hdrp
