// Makes a normal base JPEG of coded pixels: the profile, EXIF and XMP that belong to the picture,
// in the order of package/primary_header.h.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "metadata/jpeg_structure.h"

namespace hdrp {

struct BaseMetadata {
  ByteView icc = {};          ///< empty: none
  ByteView exif_tiff = {};    ///< a TIFF structure without "Exif\0\0"; empty: none
  std::string_view xmp = {};  ///< with or without its wrapper; empty: none
};

struct BaseFile {
  Bytes bytes;
  std::vector<std::string> warnings;  ///< what was left out and why
};

/// `jpeg` is one stream; its own EXIF, XMP and ICC are replaced, whatever else it has of APPn and
/// COM segments stays behind them. EXIF that does not fit its segment (65,527 bytes) is reduced to
/// the orientation, an XMP packet of more than 65,502 bytes moves to Extended XMP, one that is not
/// well-formed then is left out. bad_input for what is no JPEG; export_failed for a profile beyond
/// ICC's 255 chunks.
[[nodiscard]] Expected<BaseFile> WithMetadata(ByteView jpeg, const BaseMetadata& metadata);

/// The stream with a profile in front of its tables; it must have none, and the profile must fit
/// one segment (65,519 bytes). Whatever follows the stream in `file` is left behind.
[[nodiscard]] Bytes WithIccProfile(ByteView file, const JpegStream& stream, ByteView icc);

}  // namespace hdrp
