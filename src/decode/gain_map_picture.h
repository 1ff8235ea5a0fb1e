// Gain maps of HEIC and AVIF files: where decode/gain_map_jpeg.h reads a JPEG's container, this
// reads theirs. Order of preference and tolerances: docs/formats.md.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/plane.h"
#include "decode/map_numbers.h"
#include "decode/picture.h"
#include "gainmap/metadata.h"

namespace hdrp {

/// A gain map as the container describes it.
struct PictureMap {
  int width = 0, height = 0;  ///< in the raster of the base's rows (see read_map)
  int channels = 1;           ///< 1 or 3
  MetadataSource source = MetadataSource::kIso;
  /// After defaults; for Apple maps the *converted* numbers (0, log2 h, 1, offsets 0).
  GainMapMetadata metadata;
  double apple_headroom_linear = 0;  ///< > 0 only when source is kApple
  /// The alternate image's colour, where the file says it: a profile, or primaries.
  std::optional<ColorSpec> alternate = std::nullopt;
};

struct GainMapPicture {
  PictureInfo base;  ///< what OpenPicture says of the primary image
  std::optional<PictureMap> map;
  /// What announces a gain map ("a tmap item", "an auxiliary image urn:com:apple:...").
  std::vector<std::string> claims;
  std::vector<std::string> problems;  ///< what is wrong or unusual, one sentence each

  /// The map's codes as stored (an Apple map's unconverted), 1 or 3 channels, in the raster of the
  /// rows that OpenPicture gives of the base: turned by its own irot and imir, or by the base's
  /// where it has none. Only where there is a map; the file's bytes must outlive it.
  std::move_only_function<Expected<Plane<std::uint8_t>>()> read_map;
  /// Coded luma of the base, reduced, at least `least_side` pixels on the long side where the base
  /// has them, in the same raster: a thumbnail of the base's aspect where it is large enough, so
  /// that the base need not be decoded; else the base itself. The bytes must outlive it.
  std::move_only_function<Expected<Plane<std::uint8_t>>(int least_side)> read_small_luma;
};

/// Parses; no pixel is decoded before one of the functions is called. A missing or unusable map is
/// no error: it is described in `problems`, and `map` is empty. Errors are OpenPicture's.
[[nodiscard]] Expected<GainMapPicture> OpenHeifGainMap(ByteView file,
                                                       const PictureOptions& options);
[[nodiscard]] Expected<GainMapPicture> OpenAvifGainMap(ByteView file,
                                                       const PictureOptions& options);

/// The map of a reference, or the error this file deserves: as RequireGainMap for a JPEG.
[[nodiscard]] Expected<const PictureMap*> RequireGainMap(const GainMapPicture& file);

}  // namespace hdrp
