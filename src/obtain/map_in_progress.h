// A gain map on its way from where it was obtained to the exporter.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/limits.h"
#include "color/color_spec.h"
#include "gainmap/gain.h"

namespace hdrp {

/// While nothing has touched its samples it is the reference's own stream (`stored`); after that it
/// is `codes`.
struct MapInProgress {
  std::string_view source;  ///< of its numbers: "iso", "xmp", "apple", "derived"; predicted: empty
  ByteView stored;
  std::string file;  ///< the name of the one that `stored` is in
  Bytes recoded;     ///< what `stored` looks at, where the reference's stream was coded anew
  std::optional<EncodedGainMap> codes;
  int width = 0, height = 0;
  int components = 1;
  GainMapMetadata metadata;  ///< codes->metadata is not used any more
  Bytes coded;               ///< the codes as EncodeMap made a JPEG of them, or empty
  /// Where the gains live, if that is not the base's primaries (and it matters).
  std::optional<Chromaticities> gain_primaries;
  std::optional<int> flat_step;       ///< how the codes are to be coded, where it was chosen
  std::vector<std::string> steps;     ///< what changed the samples or the numbers, for the report
  std::vector<std::string> warnings;  ///< what users have to know of that
};

/// Decodes `stored` where the samples are needed and not there yet.
[[nodiscard]] Expected<void> EnsureCodes(MapInProgress& map, const Limits& limits);

/// How a map is coded as JPEG.
struct MapJpegOptions {
  std::optional<int> quality = std::nullopt;  ///< 1..100; else the map's flat_step, else 95
  bool least_loss = false;                    ///< JPEG's least, unless a quality is given
};
/// The map's JPEG stream where its samples changed (one channel where the map is neutral): `coded`,
/// which is given away, or made now. Empty where `stored` serves.
[[nodiscard]] Expected<Bytes> EncodeMap(MapInProgress& map, const MapJpegOptions& options);

}  // namespace hdrp
