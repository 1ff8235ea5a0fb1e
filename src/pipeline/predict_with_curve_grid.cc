#include "pipeline/predict_with_curve_grid.h"

#include <utility>

#include "metadata/digest.h"
#include "obtain/curve_grid.h"
#include "pipeline/base_rows.h"

namespace hdrp {

Expected<ModelGain> PredictWithCurveGrid(const ReadJpeg& base, RasterSize map_size,
                                         ByteView weights, const Request& request) {
  const Expected<CurveGrid> network = ReadCurveGrid(weights);
  if (!network) return std::unexpected(network.error());
  Expected<WorkingBase> seen = ReadWorkingBase(base, map_size, request);
  if (!seen) return std::unexpected(std::move(seen.error()));
  const Orientation upright = base.orientation();
  const Plane<std::uint8_t> picture = Oriented(std::as_const(seen->picture).view(), upright);
  const PredictedCurve predicted = LookAt(picture.view(), *network);
  const Plane<std::uint8_t> coded = Oriented(std::as_const(seen->for_guards.coded).view(), upright);
  Log2Gain gain = GainOf(predicted, coded.view());
  gain.stops = Oriented(std::as_const(gain.stops).view(), Inverse(upright));
  return ModelGain{std::move(gain),
                   std::move(seen->for_guards),
                   network->name,
                   {Sha256Hex(weights), picture.width(), picture.height()}};
}

}  // namespace hdrp
