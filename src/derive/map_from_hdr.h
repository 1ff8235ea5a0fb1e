// Reference Mode with an HDR rendition: the gain map is derived from it and the edit.
#pragma once

#include "derive/derive_map.h"
#include "place/framing.h"

namespace hdrp {

/// A derived map in the edit's raster, and how the edit lies in the original.
struct PlacedDerivedMap {
  DerivedMap derived;
  Framing framing;
};
/// Derives the map from an HDR rendition; also judges whether both are the same picture, and where
/// the edit lies in it. The gain is 0 where something else is shown.
[[nodiscard]] Expected<PlacedDerivedMap> MapFromHdr(const EditAndOriginal& pair,
                                                    const FramingOptions& options);

/// --keep hdr: derives the map from the HDR rendition that a gain-map file decodes to, in the
/// framing that was found; gain 0 where it says edited.
[[nodiscard]] Expected<DerivedMap> MapKeepingHdr(const EditAndOriginal& pair,
                                                 const Framing& framing);

}  // namespace hdrp
