// Whole pictures with known codes in the formats that edits and HDR renditions come in, each
// written by its own library.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/orientation.h"
#include "base/plane.h"

namespace hdrp::test {

/// `unit` values 0..1 as codes of a depth, rounded to nearest.
[[nodiscard]] Plane<std::uint16_t> CodesOf(PlaneView<const float> unit, int bits);
/// 8-bit codes as codes of a depth.
[[nodiscard]] Plane<std::uint16_t> CodesOf(PlaneView<const std::uint8_t> codes, int bits);

struct PictureFile {
  PlaneView<const std::uint16_t> codes;  ///< RGB; PNG also RGBA
  int bits = 8;
  std::uint8_t primaries = 0, transfer = 0;  ///< H.273; 0: the file says nothing, or sRGB
  Bytes icc = {};
  Bytes exif = {};  ///< a TIFF structure (not for TIFF, HEIF and JPEG XL)
  /// Said the format's own way: a tag, irot and imir, a header field. PNG and WebP say it in
  /// `exif`.
  Orientation orientation = Orientation::kTopLeft;
  bool tiles = false;  ///< TIFF: in place of strips
};

/// EXIF with nothing but the orientation, little-endian.
[[nodiscard]] Bytes ExifOf(Orientation orientation);

[[nodiscard]] Bytes MakePng(const PictureFile& picture);
[[nodiscard]] Bytes MakeTiff(const PictureFile& picture);  ///< deflate
[[nodiscard]] Bytes MakeWebp(const PictureFile& picture);  ///< lossless, 8 bits
[[nodiscard]] Bytes MakeHeif(const PictureFile& picture);  ///< HEVC at best quality, 4:4:4
[[nodiscard]] Bytes MakeAvif(const PictureFile& picture);  ///< AV1 without loss after the matrix
[[nodiscard]] Bytes MakeJxl(const PictureFile& picture);   ///< lossless

}  // namespace hdrp::test
