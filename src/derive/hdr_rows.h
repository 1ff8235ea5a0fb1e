// An HDR original's light as rows of the edit's raster.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "align/framing_map.h"
#include "align/warp/warp_light.h"
#include "derive/hdr_light.h"

namespace hdrp {

/// Linear light, 1.0 = SDR white, in bands from top to bottom. Rows are streamed where the
/// original's raster is the base's. A picture of another size or orientation is held whole and
/// resampled (area average or bilinear, in linear light): 24 bytes for each of its pixels. One of
/// another framing is held in half floats (align/warp/warp_light.h): 6 bytes for each of its
/// pixels, or 24 for each of the edit's where that is less.
class HdrRows {
 public:
  /// `to_reference`: where the edit lies in it (displayed coordinates); nullopt for the same
  /// framing, which the aspects have to allow.
  [[nodiscard]] static Expected<HdrRows> Take(HdrLight light, const Raster& base,
                                              const std::optional<FramingMap>& to_reference,
                                              const StopCondition& stop);

  [[nodiscard]] const HdrLight& light() const { return light_; }
  [[nodiscard]] const std::vector<std::string>& steps() const { return steps_; }
  /// Of a rendition in another framing; 0 for others, whose pixels are handed over as they are.
  [[nodiscard]] std::uint64_t non_finite_pixels() const {
    return warped_ ? warped_->non_finite_pixels() : 0;
  }

  /// The next `band.height` rows of the edit's raster, RGB. In another framing NaN where the
  /// original shows nothing.
  [[nodiscard]] Expected<void> Read(PlaneView<float> band);

 private:
  explicit HdrRows(HdrLight light) : light_(std::move(light)) {}
  [[nodiscard]] Expected<void> HoldFor(const Raster& base, const StopCondition& stop);
  [[nodiscard]] Expected<void> WarpFor(const Raster& base, const FramingMap& to_reference,
                                       const StopCondition& stop);

  HdrLight light_;
  Plane<float> held_;  ///< the whole rendition in the base's raster, or empty
  std::optional<WarpedLight> warped_;
  int rows_read_ = 0;
  std::vector<std::string> steps_;
};

}  // namespace hdrp
