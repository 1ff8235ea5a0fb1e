// A gain map of three channels for a container that holds one.
#pragma once

#include <array>

#include "gainmap/gain.h"

namespace hdrp {

struct OneGain {
  EncodedGainMap map;
  double p99_difference_stops = 0;  ///< between a channel's own gain and the one that replaces it
};

/// One gain a pixel: the mean of the channels' in stops, weighted by `luminance` (adds up to 1), so
/// that a grey pixel's luminance changes as before to first order. Range: the channels' together;
/// gamma and offsets: the first channel's. Precondition: three channels.
[[nodiscard]] OneGain ReducedToOneGain(const EncodedGainMap& map,
                                       const std::array<double, 3>& luminance);

}  // namespace hdrp
