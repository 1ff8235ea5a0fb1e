// HEIC and AVIF files with a gain map: what both writers are given. One file per container:
// package/heic.cc through libheif (and package/heic_groups.cc, which adds what its interface cannot
// say), package/avif.cc through libavif.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/file_format.h"
#include "base/limits.h"
#include "base/orientation.h"
#include "base/plane.h"
#include "color/h273.h"
#include "gainmap/gain.h"

namespace hdrp {

/// The base image for a container that codes its pixels.
struct PictureBase {
  PlaneView<const std::uint8_t> codes;  ///< 8 bits, 1 or 3 channels (RGB), rows as stored
  /// How the rows become the displayed picture. It is written as irot and imir, on base and map
  /// alike; the EXIF says 1, because readers that apply both would turn the picture twice.
  Orientation orientation = Orientation::kTopLeft;
  ByteView icc = {};        ///< empty: sRGB
  ByteView exif_tiff = {};  ///< a TIFF structure, under the privacy policy already; empty: none
  ByteView xmp = {};        ///< a packet without gain-map claims; empty: none
  /// Primaries of the HDR rendition, H.273's code (color/h273.h). The
  /// gains live in the base's primaries, so the caller passes the base's where it knows them.
  int alternate_primaries = h273::kPrimariesBt709;
};

/// The gain map: one channel, in the raster of the base's rows (any size of the same aspect), and
/// what the container says of it.
struct PictureGainMap {
  const EncodedGainMap* map = nullptr;
  bool iso = true;  ///< ISO 21496-1: a tmap item (always in AVIF)
  /// Apple's auxiliary image of HEIC, with this headroom in its XMP (linear). The codes have one
  /// meaning only; see metadata/legacy_map.h.
  std::optional<double> apple_headroom_linear = std::nullopt;
};

struct PictureFileOptions {
  int base_quality = 0;  ///< 1..100 on the codec's own scale; 0: the format's default
  int map_quality = 0;   ///< the same
  bool lossless_map = false;
  bool subsample_chroma = true;
  int avif_speed = 0;  ///< 1..10 as libavif counts; 0: DefaultAvifSpeed
  int threads = 0;     ///< 0: one per core. The bytes do not depend on it.
  StopCondition stop = {};
};

/// The default qualities of HEIF and AVIF, and what they cost: docs/formats.md.
[[nodiscard]] int DefaultBaseQuality(FileFormat format);
[[nodiscard]] int DefaultMapQuality(FileFormat format);

/// AV1's speed for a picture of this size, as libavif counts: what it costs and brings, and why it
/// is chosen by the size alone: docs/adr/0018.
[[nodiscard]] int DefaultAvifSpeed(int width, int height);

/// HEVC, 8 bits. unsupported where there is no HEVC encoder, for a map of three channels and for
/// numbers that break the writing rules; export_failed in the library's words.
[[nodiscard]] Expected<Bytes> WriteHeic(const PictureBase& base, const PictureGainMap& map,
                                        const PictureFileOptions& options);
/// AV1, 8 bits. The same errors; the map may have three channels.
[[nodiscard]] Expected<Bytes> WriteAvif(const PictureBase& base, const PictureGainMap& map,
                                        const PictureFileOptions& options);

/// The one that writes `format`; internal for another. Defined by package/picture_file.cc, and in
/// the program in its place by module/load_codecs.cc: the libraries are loaded when they are
/// needed.
[[nodiscard]] Expected<Bytes> WritePictureFile(FileFormat format, const PictureBase& base,
                                               const PictureGainMap& map,
                                               const PictureFileOptions& options);

}  // namespace hdrp
