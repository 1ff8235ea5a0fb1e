// What a JPEG base says beside its pixels, in the form in which HEIC and AVIF carry it.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "metadata/exif.h"
#include "metadata/jpeg_structure.h"

namespace hdrp {

struct PictureMetadata {
  Bytes icc;        ///< the joined profile; empty: none, or one that no decoder could use
  Bytes exif_tiff;  ///< under the policy, with the base's orientation still in it; empty: none
  std::string xmp;  ///< one packet under the policy, free of gain-map claims; may be empty
  std::vector<std::string> warnings;  ///< what was left out and why
};

/// These containers have no place for IPTC (APP13), comments and other APPn segments: what the
/// policy would have kept of them is named in a warning.
[[nodiscard]] PictureMetadata PictureMetadataOf(const JpegStream& base, ExifPolicy policy);

}  // namespace hdrp
