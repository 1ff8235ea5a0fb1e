// How bright the brightest of a rendition is: a base with a gain map at full headroom.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/plane.h"
#include "gainmap/apply.h"
#include "gainmap/gain.h"
#include "gainmap/gain_rows.h"

namespace hdrp {

/// How many of a picture's pixels may be brighter than what counts as its peak: a
/// hundred-thousandth, or sixteen (what one sample of a map at 1:4 covers) where that is more; of
/// pictures so small that sixteen would be a light of their own, a thousandth. A hot pixel, or the
/// overshoot of a coded edge, is no peak; a row of street lamps far away is.
[[nodiscard]] std::uint64_t PixelsAbovePeak(std::uint64_t pixels);

/// Takes the base's rows from top to bottom. A pixel's light is that of its brightest component in
/// the base's primaries, since that is what a display has to reach.
class RenditionPeak {
 public:
  /// `map` must outlive the object.
  RenditionPeak(const EncodedGainMap& map, int base_width, int base_height);

  /// The next rows: RGB, linear, 1.0 = SDR white.
  void Add(PlaneView<const float> base_linear);

  /// Stops over SDR white that all but PixelsAbovePeak do not exceed; about -7 for anything darker.
  [[nodiscard]] double Stops() const;

 private:
  GainRows rows_;
  ApplyConstants constants_;
  int rows_added_ = 0;
  std::vector<float> gain_, hdr_;
  std::vector<std::uint32_t> histogram_;
};

}  // namespace hdrp
