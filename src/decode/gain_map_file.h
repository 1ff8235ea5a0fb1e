// A file that may hold a gain map, whichever container it is: one type for all readers. Order of
// preference and tolerances: docs/formats.md.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/aspect.h"
#include "base/input_file.h"
#include "base/plane.h"
#include "decode/gain_map_jpeg.h"
#include "decode/map_numbers.h"
#include "decode/picture.h"
#include "decode/small_luma.h"
#include "gainmap/metadata.h"

namespace hdrp {

/// A gain map as the container describes it.
struct GainMapInfo {
  int width = 0, height = 0;  ///< in the raster of the base's rows (see read_map)
  int channels = 1;           ///< 1 or 3
  MetadataSource source = MetadataSource::kIso;
  /// After defaults; for Apple maps the *converted* numbers (0, log2 h, 1, offsets 0).
  GainMapMetadata metadata;
  double apple_headroom_linear = 0;  ///< > 0 only when source is kApple
  /// The alternate image's colour, where the file says it: a profile, or primaries.
  std::optional<ColorSpec> alternate = std::nullopt;
  /// The map as a JPEG stream that can be copied; empty in other containers. Borrows the file.
  ByteView stream = {};
};

struct MapCodes {
  Plane<std::uint8_t> codes;
  std::string damage = {};  ///< what the decoder made up for; empty where it is whole
};

struct GainMapFile {
  const InputFile* file = nullptr;  ///< where OpenGainMapFile read it
  PictureInfo base;  ///< what OpenPicture says of the primary image; of a JPEG without its metadata
  std::optional<GainMapInfo> map;
  /// What announces a gain map ("a tmap item", "an auxiliary image urn:com:apple:...").
  std::vector<std::string> claims;
  std::vector<std::string> problems;  ///< what is wrong or unusual, one sentence each
  std::optional<GainMapJpeg> jpeg;    ///< the container, where it is a JPEG

  /// The map's codes as stored (an Apple map's unconverted), 1 or 3 channels, in the raster of the
  /// rows that OpenPicture gives of the base: turned by its own irot and imir, or by the base's
  /// where it has none. Only where there is a map; the file's bytes must outlive it.
  std::move_only_function<Expected<MapCodes>()> read_map;
  /// Coded luma of the base, reduced, at least `least_side` pixels on the long side where the base
  /// has them, in the same raster. A JPEG's comes from its scaled transform; of others a thumbnail
  /// of the base's aspect where it is large enough, so that the base need not be decoded; else the
  /// base itself. The bytes must outlive it.
  std::move_only_function<Expected<SmallLuma>(int least_side)> read_small_luma;

  /// Of the base, to whose raster the map belongs.
  [[nodiscard]] Raster raster() const { return {base.width, base.height, base.orientation}; }
};

/// True for the containers that OpenGainMapFile opens.
[[nodiscard]] bool MayHoldGainMap(ByteView file);

/// Parses; no pixel is decoded before one of the functions is called. A missing or unusable map is
/// no error: it is described in `problems`, and `map` is empty. bad_input, too_large; unsupported
/// for other formats. `file` must outlive the result.
[[nodiscard]] Expected<GainMapFile> OpenGainMapFile(const InputFile& file,
                                                    const PictureOptions& options);

/// The same of a JPEG that has been parsed.
[[nodiscard]] GainMapFile GainMapFileOf(GainMapJpeg jpeg, const InputFile& file,
                                        const PictureOptions& options);

/// The same by container, where it is known; `file` stays null.
[[nodiscard]] Expected<GainMapFile> OpenJpegGainMap(ByteView file, const PictureOptions& options);
[[nodiscard]] Expected<GainMapFile> OpenHeifGainMap(ByteView file, const PictureOptions& options);
[[nodiscard]] Expected<GainMapFile> OpenAvifGainMap(ByteView file, const PictureOptions& options);

/// The map of a reference, or the error this file deserves: as RequireGainMap for a JPEG.
[[nodiscard]] Expected<const GainMapInfo*> RequireGainMap(const GainMapFile& file);

/// A picture whose base is PQ or HLG is an HDR rendition, whatever gain map leads to SDR; so is a
/// JPEG of that coding without a map.
[[nodiscard]] bool IsHdrRendition(const GainMapFile& file);

/// The error of a file that is none of `wanted`.
[[nodiscard]] std::unexpected<Error> NotA(std::string_view wanted, const InputFile& file);

/// What the primary's codes mean, as OpenPicture would say it.
[[nodiscard]] ColorSpec ColorSpecOf(const GainMapJpeg& jpeg);

}  // namespace hdrp
