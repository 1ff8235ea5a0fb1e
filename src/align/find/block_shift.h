// By what fraction of a pixel a block of one picture lies off in another.
#pragma once

#include <array>
#include <cstdint>

#include "align/homography.h"
#include "base/plane.h"

namespace hdrp {

/// A level for each code, in quarters of a code.
using Levels = std::array<std::int16_t, 256>;

/// Levels less the mean of their surroundings: what soft changes of tone leave.
[[nodiscard]] Plane<std::int16_t> DetailOf(PlaneView<const std::uint8_t> codes,
                                           const Levels& levels);

struct PixelBlock {
  int left, top, right, bottom;  ///< at least a pixel away from the border
};

/// Correlation of a block's detail with that of the other picture in place and a pixel off.
struct BlockCorrelation {
  float edit_deviation = 0, reference_deviation = 0;  ///< codes
  std::array<float, 9> at{};  ///< -1..1: rows of three, from a pixel up and left on

  [[nodiscard]] float InPlace() const { return at[4]; }
  [[nodiscard]] float Best() const;
};
[[nodiscard]] BlockCorrelation Correlate(PlaneView<const std::int16_t> edit,
                                         PlaneView<const std::int16_t> reference,
                                         const PixelBlock& block);

/// Where the correlation's peak is, as two axes at right angles: along each the peak's distance
/// and the bend that shows it. Only where the middle is about the best.
struct PeakAxis {
  Point direction;
  double distance = 0;  ///< px
  double bend = 0;      ///< px^-2; towards 0 nothing is known of the distance
};
[[nodiscard]] std::array<PeakAxis, 2> PeakOf(const BlockCorrelation& correlation);

}  // namespace hdrp
