// The colour space of pictures without a profile, from their EXIF.
#pragma once

#include <string_view>

#include "color/icc_write.h"
#include "decode/picture.h"
#include "metadata/exif_color.h"

namespace hdrp {

inline constexpr std::string_view kAdobeRgbByExif =
    "no profile, but EXIF says Adobe RGB (DCF option file): its colours were read as that";
inline constexpr std::string_view kSrgbDespiteExif =
    "no profile, and EXIF says that the colour space is not sRGB: it was taken as sRGB "
    "nevertheless";

/// Fills in `info.color` where nothing else was stated; what was assumed becomes a warning.
inline void TakeExifColor(ExifColor color, PictureInfo& info) {
  if (info.color.stated || info.is_float) return;
  if (color == ExifColor::kUncalibrated) info.warnings.emplace_back(kSrgbDespiteExif);
  if (color != ExifColor::kAdobeRgb) return;
  info.color.transfer = Transfer::kGamma22;
  info.color.primaries = kAdobeRgbPrimaries;
  info.color.stated = true;
  info.warnings.emplace_back(kAdobeRgbByExif);
}

}  // namespace hdrp
