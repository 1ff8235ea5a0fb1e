// The base's coded pixels, passing by once: whoever needs them reduces them on the way.
#pragma once

#include <functional>

#include "base/aspect.h"
#include "decode/jpeg_pixels.h"
#include "guard/text_page.h"
#include "obtain/area_reducer.h"
#include "pipeline/stages.h"

namespace hdrp {

/// Coded RGB or grey, stored raster.
[[nodiscard]] Expected<JpegRowReader> OpenBaseRows(const ReadJpeg& base, const Request& request);

/// Calls `take` with each row in order.
[[nodiscard]] Expected<void> ForEachBaseRow(JpegRowReader& reader, const ReadJpeg& base,
                                            const std::function<void(const std::uint8_t*)>& take);

/// What the guards look at.
struct BaseForGuards {
  Plane<std::uint8_t> coded;  ///< RGB or grey at the map's size
  Plane<float> luma;          ///< CodedLuma of it
  PageEvidence page;
};

/// Gathers it while the rows pass.
class GuardsWatch {
 public:
  GuardsWatch(RasterSize base, int channels, RasterSize map)
      : reducer_(base, channels, map), page_(base.width, base.height, channels) {}
  void AddRow(const std::uint8_t* row) {
    reducer_.AddRow(row);
    page_.AddRow(row);
  }
  [[nodiscard]] BaseForGuards Take();  ///< once, after all rows

 private:
  AreaReducer reducer_;
  PageWatcher page_;
};

/// What the predictors of ours and the guards see of the base, from one pass.
struct WorkingBase {
  Plane<std::uint8_t> picture;  ///< coded RGB or grey at BrightWorkingSize, stored raster
  BaseForGuards for_guards;
};
[[nodiscard]] Expected<WorkingBase> ReadWorkingBase(const ReadJpeg& base, RasterSize map,
                                                    const Request& request);

}  // namespace hdrp
