#include "pipeline/predict_with_curve_grid.h"

#include <utility>

#include "metadata/digest.h"
#include "obtain/area_reducer.h"
#include "obtain/bright.h"
#include "obtain/curve_grid.h"
#include "pipeline/base_rows.h"

namespace hdrp {

Expected<ModelGain> PredictWithCurveGrid(const ReadJpeg& base, RasterSize map_size,
                                         ByteView weights, const Request& request) {
  const Expected<CurveGrid> network = ReadCurveGrid(weights);
  if (!network) return std::unexpected(network.error());
  Expected<JpegRowReader> reader = OpenBaseRows(base, request);
  if (!reader) return std::unexpected(std::move(reader.error()));
  const RasterSize size{reader->width(), reader->height()};
  AreaReducer working(size, reader->channels(), BrightWorkingSize(size));
  GuardsWatch watch(size, reader->channels(), map_size);
  const Expected<void> read = ForEachBaseRow(*reader, base, [&](const std::uint8_t* row) {
    working.AddRow(row);
    watch.AddRow(row);
  });
  if (!read) return std::unexpected(read.error());
  BaseForGuards seen = watch.Take();
  const Orientation upright = base.orientation();
  const Plane<std::uint8_t> picture = Oriented(working.Take().view(), upright);
  const PredictedCurve predicted = LookAt(picture.view(), *network);
  const Plane<std::uint8_t> coded = Oriented(seen.coded.view(), upright);
  Log2Gain gain = GainOf(predicted, coded.view());
  gain.stops = Oriented(std::as_const(gain.stops).view(), Inverse(upright));
  return ModelGain{std::move(gain),
                   std::move(seen),
                   network->name,
                   {Sha256Hex(weights), picture.width(), picture.height()}};
}

}  // namespace hdrp
