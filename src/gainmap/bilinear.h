// Where a sample of one raster lies in another one of the same picture: centre-aligned, by
// normalised coordinates, x_in = (x + 0.5) * w_in / w - 0.5, clamped to the outer samples' centres.
#pragma once

#include <algorithm>

namespace hdrp {

/// Between `first` and the sample after it (which need not exist where share is 0).
struct BilinearTap {
  int first = 0;
  float share = 0;  ///< of the second one, in 0..1
};

[[nodiscard]] inline BilinearTap BilinearTapAt(int position, int size, int size_in) {
  const double at =
      std::clamp((position + 0.5) * size_in / size - 0.5, 0.0, static_cast<double>(size_in - 1));
  const int first = static_cast<int>(at);
  return {first, static_cast<float>(at - first)};
}

}  // namespace hdrp
