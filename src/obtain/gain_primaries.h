// In which primaries a gain map's gains live, and how they come to live in those of an edit.
#pragma once

#include <optional>

#include "color/color_spec.h"
#include "decode/gain_map_file.h"
#include "gainmap/gain.h"

namespace hdrp {

/// Of a file's map, as extracted: nullopt for the base's own (grey maps always), else the alternate
/// image's. unsupported where these matter and the file does not say them.
[[nodiscard]] Expected<std::optional<Chromaticities>> AlternatePrimariesOf(
    const GainMapFile& file, const EncodedGainMap& map);

/// H.273's code of the alternate primaries that containers can say without a profile; nullopt for
/// others.
[[nodiscard]] std::optional<int> PrimariesCode(const Chromaticities& primaries);

}  // namespace hdrp
