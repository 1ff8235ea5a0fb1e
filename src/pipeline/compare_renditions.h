// Both renditions' rows, once, into everything that is wanted of them.
#pragma once

#include <cstdint>
#include <optional>

#include "align/framing_map.h"
#include "color/icc.h"
#include "gainmap/fine_gain.h"
#include "pipeline/hdr_rendition.h"
#include "pipeline/stages.h"

namespace hdrp {

/// An edit and the original whose HDR rendition it is to get.
struct Renditions {
  const ReadJpeg& base;
  const BaseColor& color;  ///< of the base
  HdrOriginal original;
  const Request& request;
};

/// Where there is something to derive.
struct Comparable {
  std::optional<FramingMap> to_reference;       ///< nullopt: in the same framing
  const Plane<std::uint8_t>* edited = nullptr;  ///< FindEdited's mask: no gain there
};

struct Compared {
  FineGain gain;
  std::optional<double> mid_tone_ratio_stops;
  /// Log codes of luminance, small, in the base's stored raster; their structure's agreement, which
  /// means something in the same framing only.
  Plane<std::uint8_t> base_codes, hdr_codes;
  double agreement = 0;
  HdrRendition rendition;
  /// 255 where the rendition says nothing (NaN), in the raster of the codes; empty where it does
  /// everywhere. In the same framing the codes of the HDR rendition repeat the base's there.
  Plane<std::uint8_t> unknown = {};
};

/// `light` is the original's, unread, in the base's primaries. mismatch where the same framing is
/// wanted and the aspects differ. Where the original shows nothing, and in edited places, the gain
/// is 0.
[[nodiscard]] Expected<Compared> CompareRenditions(const Renditions& renditions, HdrLight light,
                                                   const Comparable& where);

}  // namespace hdrp
