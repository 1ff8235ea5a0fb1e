// Whether a map's channels differ, and what that asks for.
#pragma once

#include "gainmap/gain.h"

namespace hdrp {

/// True where some channel is lifted more than another, by samples or by numbers.
[[nodiscard]] bool IsColoured(const EncodedGainMap& map);

/// True where the gains are those of the alternate image's primaries (use_base_color_space false)
/// and it matters: a grey map's gains are the same in any primaries.
[[nodiscard]] bool NeedsAlternatePrimaries(const EncodedGainMap& map);

}  // namespace hdrp
