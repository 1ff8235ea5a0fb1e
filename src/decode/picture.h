// Pictures of any format as rows: one opener per format, one file each. An opener reads headers and
// checks every limit; pixels come in bands, top to bottom, so that nothing of ours holds a picture.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/orientation.h"
#include "base/plane.h"
#include "color/color_spec.h"
#include "decode/sniff.h"

namespace hdrp {

/// What becomes of pixels that are not opaque.
enum class Flatten : std::uint8_t {
  kRefuse,  ///< unsupported, at the first such pixel; a picture whose alpha is all opaque is fine
  kBlack,   ///< composed on black, in coded values
  kWhite,   ///< composed on white
};

struct PictureOptions {
  Limits limits = {};
  StopCondition stop = {};
  Flatten flatten = Flatten::kRefuse;
  std::string exr_layer = {};  ///< of an OpenEXR file; empty: the only one, or R, G, B themselves
};

struct PictureInfo {
  FileFormat format = FileFormat::kUnknown;
  int width = 0, height = 0;
  int channels = 3;  ///< 1 (grey) or 3 (RGB); alpha is gone by then
  int bits = 8;      ///< per sample as stored
  bool is_float = false;
  /// How the rows become the displayed picture. Whatever the format's own way to say it (EXIF, TIFF
  /// tag, irot and imir), it is said here alone.
  Orientation orientation = Orientation::kTopLeft;
  ColorSpec color;
  Bytes exif;       ///< a TIFF structure, without "Exif\0\0"; empty where there is none
  std::string xmp;  ///< a packet; empty where there is none
  std::vector<std::string> warnings;
  /// A gain map of a kind that is not read yet, in words ("a gain map in a jhgm box of 9 bytes");
  /// empty where there is none. It is in `warnings` too.
  std::string unread_gain_map;
};

/// Rows of samples as stored: integers as code / largest code, so 0..1; floats as they are, NaN and
/// infinities included. For PQ and HLG these are coded values, not light.
struct PictureRows {
  PictureInfo info;
  /// Fills the next `band.height` rows (width and channels as `info` says). After an error, and
  /// after the last row, it must not be called. The file's bytes must outlive it.
  std::move_only_function<Expected<void>(PlaneView<float> band)> read;
};

/// Opens by magic bytes. unsupported for a format or variant that is not read; too_large by the
/// limits; bad_input for broken files. Some codecs hold the whole decoded picture: HEIF, AVIF, JPEG
/// XL, WebP, interlaced PNG, progressive JPEG, and RLE-coded planes; the others hold bands.
[[nodiscard]] Expected<PictureRows> OpenPicture(ByteView file, const PictureOptions& options);

[[nodiscard]] Expected<PictureRows> OpenExr(ByteView file, const PictureOptions& options);
[[nodiscard]] Expected<PictureRows> OpenTiff(ByteView file, const PictureOptions& options);
[[nodiscard]] Expected<PictureRows> OpenRadiance(ByteView file, const PictureOptions& options);
[[nodiscard]] Expected<PictureRows> OpenPfm(ByteView file, const PictureOptions& options);
[[nodiscard]] Expected<PictureRows> OpenPng(ByteView file, const PictureOptions& options);
[[nodiscard]] Expected<PictureRows> OpenWebp(ByteView file, const PictureOptions& options);
[[nodiscard]] Expected<PictureRows> OpenHeif(ByteView file, const PictureOptions& options);
[[nodiscard]] Expected<PictureRows> OpenAvif(ByteView file, const PictureOptions& options);
[[nodiscard]] Expected<PictureRows> OpenJxl(ByteView file, const PictureOptions& options);
/// The primary image of a JPEG, as RGB or grey. Of its metadata only EXIF and the profile are read.
[[nodiscard]] Expected<PictureRows> OpenJpeg(ByteView file, const PictureOptions& options);

}  // namespace hdrp
