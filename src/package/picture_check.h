// What both writers of package/picture_file.h refuse alike, and the EXIF both write.
#pragma once

#include <string_view>

#include "package/picture_file.h"

namespace hdrp {

/// unsupported for numbers that break the writing rules; bad_argument for qualities outside 0..100;
/// internal for planes that no caller of ours makes.
[[nodiscard]] Expected<void> CheckPicture(const PictureBase& base, const PictureGainMap& map,
                                          const PictureFileOptions& options,
                                          std::string_view where);

/// The base's EXIF with orientation 1; empty where it has none.
[[nodiscard]] Bytes UprightExif(const PictureBase& base);

/// True where the profile's colour space is grey.
[[nodiscard]] bool IsGreyProfile(ByteView icc);

}  // namespace hdrp
