// Bodies of the properties and metadata of a HEIC file's items that libheif has no call for.
// Sources: ISO/IEC 14496-12 (colr), ISO/IEC 23008-12 (ispe, pixi, auxC), files of iPhones.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "gainmap/metadata.h"

namespace hdrp {

/// colr, type nclx, full range; H.273's codes.
[[nodiscard]] Bytes NclxBody(int primaries, int transfer, int matrix);
/// ispe.
[[nodiscard]] Bytes SizeBody(int width, int height);
/// pixi of three channels.
[[nodiscard]] Bytes BitsBody(int bits);
/// auxC that names Apple's gain map.
[[nodiscard]] Bytes AppleAuxiliaryBody();
/// The tmap item's payload: ISO 21496-1's block behind a version byte.
[[nodiscard]] Bytes ToneMapPayload(const GainMapMetadata& metadata);
/// The map item's XMP, with child elements as Apple writes them.
[[nodiscard]] std::string AppleMapXmp(double headroom_linear);

}  // namespace hdrp
