// A gain map sampled for full-size rows of its base: bilinear as in bilinear.h. What is
// interpolated is stops, which for gamma 1 is the same as interpolating codes.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "gainmap/bilinear.h"
#include "gainmap/gain.h"

namespace hdrp {

class GainRows {
 public:
  /// `map` must outlive the object.
  GainRows(const EncodedGainMap& map, int base_width, int base_height);

  /// 1 or 3, as the map has.
  [[nodiscard]] int channels() const { return codes_.channels; }

  /// Row y of the base. `stops` holds channels() * base_width values, or 3 * base_width, where a
  /// one-channel map's gain is repeated. May be called from several threads.
  void Row(int y, std::span<float> stops) const;

 private:
  [[nodiscard]] std::vector<float> BlendedRow(int y) const;

  PlaneView<const std::uint8_t> codes_;
  int base_height_;
  std::array<std::array<float, 256>, 3> stops_of_code_{};
  std::vector<BilinearTap> columns_;
};

}  // namespace hdrp
