// What two renditions of a picture are compared by: luminance, averaged into a small raster while
// the rows pass by.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "align/luma_view.h"
#include "base/plane.h"

namespace hdrp {

/// Averages linear RGB rows over k x k pixels, k such that the long side is at most `long_side`.
class SmallLuminance {
 public:
  static constexpr int kLongSide = 512;
  SmallLuminance(int width, int height, std::array<float, 3> luminance, int long_side = kLongSide);
  void Add(PlaneView<const float> linear_rgb);  ///< the next rows
  /// Mean luminance; after all rows.
  [[nodiscard]] const Plane<float>& plane() const { return plane_; }
  /// Where in it the picture lies: the last column and row may be filled in part.
  [[nodiscard]] Extent extent() const {
    return {0, 0, static_cast<double>(width_) / factor_, static_cast<double>(height_) / factor_};
  }

 private:
  void FinishRow();

  int width_, height_, factor_;
  std::array<float, 3> luminance_;
  int rows_added_ = 0;
  std::vector<float> sums_;
  Plane<float> plane_;
};

/// Codes in equal steps of log luminance (32 a stop from 2^-6 up), in which local structure looks
/// alike whatever the tone curve: what StructureAgreement compares. NaN is black.
[[nodiscard]] Plane<std::uint8_t> LogCodes(PlaneView<const float> luminance);

/// LogCodes of 1, SDR white.
inline constexpr int kWhiteLogCode = 192;
inline constexpr int kLogCodesPerStop = 32;

/// Median of log2(hdr / base) where the base is a mid-tone (0.05..0.6 of SDR white): 0 where the
/// HDR rendition is scaled as the base is. nullopt where fewer than 1 % of the cells are mid-tones.
[[nodiscard]] std::optional<double> MidToneRatioStops(PlaneView<const float> hdr,
                                                      PlaneView<const float> base);

}  // namespace hdrp
