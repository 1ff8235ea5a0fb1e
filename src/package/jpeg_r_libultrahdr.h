// The comparison exporter: libultrahdr's API-4 (base JPEG + map JPEG + metadata).
#pragma once

#include "package/jpeg_r.h"

namespace hdrp {

/// The base goes in as WritePlainJpeg() leaves it, so that the policy and the removal of stale
/// claims hold here too. Warnings name what that library leaves out (hdrgm XMP and GContainer, the
/// user's XMP, IPTC, APP14, further ICC chunks ...), found by comparing its output with what went
/// in. export_failed with the library's own words where it refuses.
[[nodiscard]] Expected<PackagedJpeg> WriteJpegRWithLibultrahdr(const BaseJpeg& base,
                                                               ByteView map_jpeg,
                                                               const GainMapMetadata& metadata,
                                                               ExifPolicy policy);

}  // namespace hdrp
