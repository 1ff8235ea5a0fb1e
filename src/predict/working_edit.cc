#include "predict/working_edit.h"

#include <cstdint>

#include "predict/bright.h"
#include "predict/map_size.h"

namespace hdrp {

EditForGuards GuardsWatch::Take() {
  EditForGuards result{reducer_.Take(), {}, page_.Finish()};
  result.luma = CodedLuma(result.coded.view());
  return result;
}

Expected<WorkingEdit> ReadWorkingEdit(const EditJpeg& edit, const Resources& resources) {
  HDRP_ASSIGN_OR_RETURN(JpegRowReader reader, OpenEditRows(edit, resources));
  const RasterSize size{reader.width(), reader.height()};
  AreaReducer working(size, reader.channels(), BrightWorkingSize(size));
  GuardsWatch watch(size, reader.channels(), PredictedMapSize(size));
  HDRP_RETURN_IF_ERROR(ForEachEditRow(reader, edit, [&](const std::uint8_t* row) {
    working.AddRow(row);
    watch.AddRow(row);
  }));
  return WorkingEdit{working.Take(), watch.Take()};
}

}  // namespace hdrp
