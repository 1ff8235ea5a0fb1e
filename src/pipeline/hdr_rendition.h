// The HDR rendition that a reference file holds, as rows of the base's raster and primaries.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "color/linearise.h"
#include "decode/picture.h"
#include "pipeline/request.h"

namespace hdrp {

struct BaseRaster {
  int width = 0, height = 0;
  Orientation orientation = Orientation::kTopLeft;
  Chromaticities primaries;
};

/// Linear light, 1.0 = SDR white, in bands from top to bottom. Rows are streamed where the file's
/// raster is the base's; a picture of another size or orientation is held whole and resampled (area
/// average or bilinear, in linear light): 24 bytes for each of its pixels.
class HdrRendition {
 public:
  /// `scale` multiplies linear light. mismatch where the aspects differ; no_gain_map where the file
  /// holds an SDR picture; else OpenPicture's and RowLineariser's errors.
  [[nodiscard]] static Expected<HdrRendition> Open(const InputFile& file, const BaseRaster& base,
                                                   double scale, const Request& request);

  [[nodiscard]] const PictureInfo& info() const { return picture_.info; }
  /// False where the file says how bright its white is: PQ, HLG, a stated luminance of white.
  [[nodiscard]] bool has_free_scale() const;
  [[nodiscard]] const std::vector<std::string>& steps() const { return steps_; }

  /// The next `band.height` rows of the base's raster, RGB.
  [[nodiscard]] Expected<void> Read(PlaneView<float> band);

 private:
  HdrRendition(PictureRows picture, RowLineariser lineariser)
      : picture_(std::move(picture)), lineariser_(std::move(lineariser)) {}
  [[nodiscard]] Expected<void> ReadLinear(PlaneView<float> band);
  [[nodiscard]] Expected<void> HoldFor(const BaseRaster& base, const StopCondition& stop);

  PictureRows picture_;
  RowLineariser lineariser_;
  Plane<float> samples_;  ///< a band as stored
  Plane<float> held_;     ///< the whole rendition in the base's raster, or empty
  int rows_read_ = 0;
  std::vector<std::string> steps_;
};

}  // namespace hdrp
