// The comparison exporter: libultrahdr's API-4 (base JPEG + map JPEG + metadata).
#pragma once

#include "package/jpeg_r.h"

namespace hdrp {

/// Warnings name what that library leaves out (hdrgm XMP, GContainer, the user's XMP, IPTC, APP14,
/// further ICC chunks ...), found by comparing its output with the base.
[[nodiscard]] Expected<PackagedJpeg> WriteJpegRWithLibultrahdr(const BaseJpeg& base,
                                                              ByteView map_jpeg,
                                                              const GainMapMetadata& metadata);

}  // namespace hdrp
