// EXIF and XMP that picture formats carry in chunks and items of their own.
#pragma once

#include <cstdint>
#include <string_view>

#include "decode/picture.h"
#include "metadata/exif.h"

namespace hdrp {

/// too_large when metadata of so many bytes may not be read.
[[nodiscard]] inline Expected<void> CheckMetadataSize(std::uint64_t bytes, const Limits& limits,
                                                      std::string_view where) {
  if (bytes <= limits.max_metadata_bytes) return {};
  return Fail(ErrorCode::kTooLarge, where, "{} bytes of metadata exceed the limit of {}", bytes,
              limits.max_metadata_bytes);
}

/// Puts a TIFF structure into `info.exif`, without the JPEG prefix that some writers leave there.
inline void TakeExif(ByteView exif, PictureInfo& info) {
  if (StartsWith(exif, kExifNamespace)) exif = exif.subspan(kExifNamespace.size());
  info.exif.assign(exif.begin(), exif.end());
}

/// What the EXIF says; as stored where it is absent or damaged.
[[nodiscard]] inline Orientation OrientationOf(ByteView exif) {
  if (exif.empty()) return Orientation::kTopLeft;
  const auto facts = ReadExif(exif);
  return facts ? facts->orientation : Orientation::kTopLeft;
}

}  // namespace hdrp
