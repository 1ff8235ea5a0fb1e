// An edit and the original whose HDR rendition it is to get.
#pragma once

#include <optional>

#include "base/rows.h"
#include "color/icc.h"
#include "derive/hdr_light.h"
#include "edit/edit_jpeg.h"

namespace hdrp {

/// How the original is to be taken, and its map to be made.
struct DeriveOptions {
  std::optional<double> hdr_white_nits = std::nullopt;      ///< what is SDR white there; else 203
  std::optional<double> hdr_exposure_stops = std::nullopt;  ///< added to it
  bool anchor = true;  ///< scale it where mid-tones clearly disagree with the edit's
  std::optional<int> map_scale = std::nullopt;    ///< 1, 2 or 4; else chosen by what is lost
  std::optional<int> map_quality = std::nullopt;  ///< 1..100; else chosen by what fits
  int map_channels = 1;                           ///< 1 or 3
  Flatten flatten = Flatten::kRefuse;             ///< of the original
  std::string exr_layer = {};                     ///< see PictureOptions
};

struct EditAndOriginal {
  const EditJpeg& edit;
  BaseColor color;  ///< of the edit
  HdrOriginal original;
  DeriveOptions options;
  Resources resources;
};
/// unsupported, naming a way out, where the edit's profile has no primaries.
[[nodiscard]] Expected<EditAndOriginal> EditAndOriginalOf(const EditJpeg& edit,
                                                          const HdrOriginal& original,
                                                          const DeriveOptions& options,
                                                          const Resources& resources);

/// The original's light in the edit's primaries, at the scale that the user asked for times
/// 2^anchor_stops.
[[nodiscard]] Expected<HdrLight> OpenOriginal(const EditAndOriginal& pair, double anchor_stops);

}  // namespace hdrp
