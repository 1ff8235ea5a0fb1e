// What can be said of a mean over few pictures.
#pragma once

#include <span>

namespace hdrp {

struct PairedDifference {
  double mean = 0;
  double low = 0, high = 0;  ///< 95 % bootstrap interval of the mean, percentile method
  int wins = 0, losses = 0;  ///< differences below and above 0 by more than 1e-4
};

/// Of the differences of two predictors' errors on the same pictures: photographs differ far more
/// than methods do, so unpaired means say little. 10,000 resamples with a fixed seed: the same
/// differences give the same interval. `differences` is not empty.
[[nodiscard]] PairedDifference PairedDifferenceOf(std::span<const double> differences);

}  // namespace hdrp
