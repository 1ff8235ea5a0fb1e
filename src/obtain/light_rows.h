// Linear light of a picture, row by row.
#pragma once

#include <functional>

#include "base/aspect.h"
#include "base/error.h"
#include "base/plane.h"
#include "color/color_spec.h"

namespace hdrp {

/// RGB, 1.0 = SDR white, of `primaries`, in the picture's stored raster.
struct LightRows {
  Raster raster;
  Chromaticities primaries;
  /// Fills the next `band.height` rows. After an error, and after the last row, it must not be
  /// called.
  std::move_only_function<Expected<void>(PlaneView<float> band)> read;
};

}  // namespace hdrp
