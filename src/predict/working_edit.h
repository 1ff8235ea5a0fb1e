// What predictors of ours and the guards see of the edit, from one pass over its rows.
#pragma once

#include "base/aspect.h"
#include "edit/edit_rows.h"
#include "guard/text_page.h"
#include "predict/area_reducer.h"

namespace hdrp {

/// What the guards look at.
struct EditForGuards {
  Plane<std::uint8_t> coded;  ///< RGB or grey at the map's size
  Plane<float> luma;          ///< CodedLuma of it
  PageEvidence page;
};

/// Gathers it while the rows pass.
class GuardsWatch {
 public:
  GuardsWatch(RasterSize edit, int channels, RasterSize map)
      : reducer_(edit, channels, map), page_(edit.width, edit.height, channels) {}
  void AddRow(const std::uint8_t* row) {
    reducer_.AddRow(row);
    page_.AddRow(row);
  }
  [[nodiscard]] EditForGuards Take();  ///< once, after all rows

 private:
  AreaReducer reducer_;
  PageWatcher page_;
};

struct WorkingEdit {
  Plane<std::uint8_t> picture;  ///< coded RGB or grey at BrightWorkingSize, stored raster
  EditForGuards for_guards;     ///< at PredictedMapSize
};
[[nodiscard]] Expected<WorkingEdit> ReadWorkingEdit(const EditJpeg& edit,
                                                    const Resources& resources);

}  // namespace hdrp
