// The HDR rendition a gain-map file decodes to, as rows.
#pragma once

#include "metadata/apple.h"
#include "pipeline/light_rows.h"
#include "pipeline/stages.h"

namespace hdrp {

struct RenderedLightOptions {
  AppleTransfer apple_transfer = AppleTransfer::kGamma22;
  Limits limits = {};
  StopCondition stop = {};
};

/// The base with its map applied at full headroom, in the base's own primaries and stored raster.
/// The file's bytes must outlive it. no_gain_map where there is none; else the readers' errors.
[[nodiscard]] Expected<LightRows> OpenRenderedLight(GainMapFile& file,
                                                    const RenderedLightOptions& options);

}  // namespace hdrp
