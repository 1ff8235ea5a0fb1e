// A reference's linear light in the raster of an edit that shows part of it, turned or scaled.
#pragma once

#include <cstdint>
#include <vector>

#include "align/placement.h"
#include "base/plane.h"

namespace hdrp {

/// Takes the reference's rows once, top to bottom, and holds them in half floats: 6 bytes for each
/// of its pixels; where the edit is less than half as fine, averaged by area to twice the edit's
/// scale as they come, and then 24 bytes for each of the edit's. Light within +-65,504, to 1/2048
/// of itself.
class WarpedLight {
 public:
  explicit WarpedLight(const Placement& placement);

  /// The next rows of the reference's stored raster, linear RGB. Infinite light becomes
  /// kInfinityStandIn (gainmap/fine_gain.h); a pixel with a NaN makes NaN of what it is mixed into.
  void Add(PlaneView<const float> linear_rgb);
  /// Pixels that had a sample that was not finite.
  [[nodiscard]] std::uint64_t non_finite_pixels() const { return non_finite_pixels_; }

  /// Rows `first`.. of the edit's stored raster, after all rows were added: bilinear, the mean
  /// of 2 x 2 places in pixels that span more than one of what is held. NaN where the
  /// reference has nothing.
  void Rows(int first, PlaneView<float> linear_rgb) const;

 private:
  void AddLightAt(Point place, float share, float* rgb) const;
  void AddReduced(const float* row);
  void FinishRow();

  Placement placement_;
  Plane<std::uint16_t> held_;
  int rows_added_ = 0, rows_finished_ = 0;
  std::vector<float> cleaned_, reduced_, sums_;
  std::uint64_t non_finite_pixels_ = 0;
};

}  // namespace hdrp
