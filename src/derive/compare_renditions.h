// Both renditions' rows, once, into everything that is wanted of them.
#pragma once

#include <cstdint>
#include <optional>

#include "align/framing_map.h"
#include "derive/edit_and_original.h"
#include "derive/hdr_rows.h"
#include "gainmap/fine_gain.h"

namespace hdrp {

/// Where there is something to compare.
struct ComparedPlaces {
  std::optional<FramingMap> to_reference;       ///< nullopt: in the same framing
  const Plane<std::uint8_t>* edited = nullptr;  ///< find_edited.h's mask: no gain there
};

struct RenditionComparison {
  FineGain gain;
  std::optional<double> mid_tone_ratio_stops;
  /// Log codes of luminance, small, in the edit's stored raster; their structure's agreement, which
  /// means something in the same framing only.
  Plane<std::uint8_t> edit_codes, hdr_codes;
  double agreement = 0;
  HdrRows rendition;
  /// 255 where the rendition says nothing (NaN), in the raster of the codes; empty where it does
  /// everywhere. In the same framing the codes of the HDR rendition repeat the edit's there.
  Plane<std::uint8_t> unknown = {};
};

/// `light` is the original's, unread, in the edit's primaries. mismatch where the same framing is
/// wanted and the aspects differ. Where the original shows nothing, and in edited places, the gain
/// is 0.
[[nodiscard]] Expected<RenditionComparison> CompareRenditions(const EditAndOriginal& pair,
                                                              HdrLight light,
                                                              const ComparedPlaces& where);

}  // namespace hdrp
