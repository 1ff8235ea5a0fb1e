#include "predict/predict_with_curve_grid.h"

#include <utility>

#include "metadata/digest.h"
#include "predict/curve_grid.h"

namespace hdrp {

Expected<ModelGain> PredictWithCurveGrid(const EditJpeg& edit, ByteView weights,
                                         const Resources& resources) {
  HDRP_ASSIGN_OR_RETURN(const CurveGrid network, ReadCurveGrid(weights));
  HDRP_ASSIGN_OR_RETURN(WorkingEdit seen, ReadWorkingEdit(edit, resources));
  const Orientation upright = edit.orientation();
  const Plane<std::uint8_t> picture = Oriented(std::as_const(seen.picture).view(), upright);
  const PredictedCurve predicted = LookAt(picture.view(), network);
  const Plane<std::uint8_t> coded = Oriented(std::as_const(seen.for_guards.coded).view(), upright);
  Log2Gain gain = GainOf(predicted, coded.view());
  gain.stops = Oriented(std::as_const(gain.stops).view(), Inverse(upright));
  return ModelGain{std::move(gain),
                   std::move(seen.for_guards),
                   network.name,
                   {Sha256Hex(weights), picture.width(), picture.height()}};
}

}  // namespace hdrp
