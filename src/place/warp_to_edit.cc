#include "align/warp/warp_gain.h"
#include "base/formatted.h"
#include "place/put_map.h"

namespace hdrp {

Expected<MapInProgress> WarpToEdit(MapInProgress map, const Registration& alignment,
                                   const Raster& reference, const EditJpeg& edit,
                                   const Limits& limits) {
  HDRP_RETURN_IF_ERROR(EnsureCodes(map, limits));
  const Placement placement{edit.raster(), reference, alignment.to_reference};
  const RasterSize size = WarpedMapSize(placement, map.width);
  const Log2Gain gain = DecodeGain(*map.codes);
  map.codes = EncodeGain({Warped(gain.stops.view(), placement, size)}, map.metadata);
  map.width = size.width;
  map.height = size.height;
  map.steps.push_back(Formatted("brought to the edit's framing, {} x {}", size.width, size.height));
  return map;
}

}  // namespace hdrp
