// Sentences about a gain-map JPEG's container: what it announces, and where its parts contradict
// each other. They are shown to users and decide nothing.
#pragma once

#include <string>
#include <vector>

#include "decode/gain_map_jpeg.h"

namespace hdrp {

/// What of the primary announces a gain map, one phrase each.
[[nodiscard]] std::vector<std::string> ClaimsOf(const StreamMetadata& primary);

/// Sizes and places that MPF and GContainer declare and the streams do not confirm, and other
/// oddities of the container. `file.map` may be empty.
[[nodiscard]] std::vector<std::string> ContainerProblems(const GainMapJpeg& file);

}  // namespace hdrp
