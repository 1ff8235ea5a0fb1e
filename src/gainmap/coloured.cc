#include "gainmap/coloured.h"

namespace hdrp {

bool IsColoured(const EncodedGainMap& map) {
  return !map.metadata.IsSingleChannel() || !IsNeutral(map.codes.view());
}

bool NeedsAlternatePrimaries(const EncodedGainMap& map) {
  return !map.metadata.use_base_color_space && IsColoured(map);
}

}  // namespace hdrp
