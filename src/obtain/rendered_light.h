// The HDR rendition a gain-map file decodes to, as rows.
#pragma once

#include "base/limits.h"
#include "decode/gain_map_file.h"
#include "metadata/apple.h"
#include "obtain/light_rows.h"

namespace hdrp {

struct RenderedLightOptions {
  AppleTransfer apple_transfer = AppleTransfer::kGamma22;
  Limits limits = {};
  StopCondition stop = {};
};

/// The base alone, in its own primaries and stored raster. The file's bytes must outlive it.
[[nodiscard]] Expected<LightRows> OpenBaseLight(const GainMapFile& file, const Limits& limits,
                                                const StopCondition& stop);

/// The base with its map applied at full headroom, in its stored raster and the primaries in which
/// the gains live: the base's own, but for coloured maps that say the alternate image's.
/// The file's bytes must outlive it. no_gain_map where there is none; else the readers' errors.
[[nodiscard]] Expected<LightRows> OpenRenderedLight(GainMapFile& file,
                                                    const RenderedLightOptions& options);

}  // namespace hdrp
