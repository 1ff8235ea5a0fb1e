// The edit as the JPEG that every stage works on.
#pragma once

#include <string>

#include "base/aspect.h"
#include "base/input_file.h"
#include "color/icc.h"
#include "decode/gain_map_jpeg.h"
#include "metadata/exif_color.h"

namespace hdrp {

/// A JPEG after parsing; borrows the file.
struct EditJpeg {
  const InputFile* file = nullptr;
  GainMapJpeg parsed;
  [[nodiscard]] const std::string& name() const { return file->name; }
  [[nodiscard]] int width() const { return parsed.primary.frame.width; }
  [[nodiscard]] int height() const { return parsed.primary.frame.height; }
  [[nodiscard]] Orientation orientation() const { return parsed.exif.orientation; }
  [[nodiscard]] Raster raster() const { return {width(), height(), orientation()}; }
};

/// bad_input, too_large, or unsupported ("expected a JPEG, found PNG").
[[nodiscard]] Expected<EditJpeg> ReadEditJpeg(const InputFile& file, const Limits& limits);

[[nodiscard]] ExifColor ExifColorOf(const GainMapJpeg& jpeg);
/// True for a JPEG without a profile that is an option file of DCF.
[[nodiscard]] bool IsAdobeRgbByExif(const GainMapJpeg& jpeg);

/// What the picture's codes mean: its ICC profile's colours; without one Adobe RGB where EXIF says
/// so, else sRGB. ReadIccProfile's errors.
[[nodiscard]] Expected<BaseColor> BaseColorOf(const GainMapJpeg& jpeg);

}  // namespace hdrp
