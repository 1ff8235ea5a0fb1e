// The colour space of a picture without a profile, as its EXIF says it.
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace hdrp {

enum class ExifColor : std::uint8_t {
  kUnsaid,
  kSrgb,
  kAdobeRgb,      ///< DCF's option file: uncalibrated, interoperability R03
  kUncalibrated,  ///< not sRGB, and nothing else is said
};

/// Of a TIFF structure, as ReadExif takes it; kUnsaid for a damaged one.
[[nodiscard]] ExifColor ReadExifColor(ByteView tiff);

}  // namespace hdrp
