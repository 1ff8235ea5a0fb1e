// The reference's map where an edit of another framing needs it.

#include "align/warp_gain.h"
#include "base/formatted.h"
#include "pipeline/stages.h"

namespace hdrp {

Expected<MapInProgress> WarpToBase(MapInProgress map, const Registration& alignment,
                                   const Raster& reference, const ReadJpeg& base,
                                   const Limits& limits) {
  if (Expected<void> ok = EnsureCodes(map, limits); !ok) return std::unexpected(ok.error());
  const Placement placement{
      {base.width(), base.height(), base.orientation()}, reference, alignment.to_reference};
  const RasterSize size = WarpedMapSize(placement, map.width);
  const Log2Gain gain = DecodeGain(*map.codes);
  map.codes = EncodeGain({Warped(gain.stops.view(), placement, size)}, map.metadata);
  map.width = size.width;
  map.height = size.height;
  map.steps.push_back(Formatted("brought to the edit's framing, {} x {}", size.width, size.height));
  return map;
}

}  // namespace hdrp
