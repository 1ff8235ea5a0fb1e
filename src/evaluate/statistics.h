// What can be said of a mean over few pictures.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace hdrp {

struct Interval {
  double low = 0, high = 0;
};

/// The difference of two predictors' errors on one picture.
struct Difference {
  double stops = 0;
  std::string_view source;  ///< where the picture comes from: a repository, a folder
};

/// The intervals are 95 % bootstrap intervals of the mean, percentile method.
struct PairedDifference {
  double mean = 0;
  Interval by_picture;                ///< pictures drawn one by one
  std::optional<Interval> by_source;  ///< whole sources drawn; none where there is one only
  int wins = 0, losses = 0;           ///< differences below and above 0 by more than 1e-4
};

/// Photographs differ far more than methods do, so unpaired means say little. And pictures of one
/// source show the same thing by the same phone: drawn one by one they count as more evidence than
/// they are. (Few sources give too narrow an interval.) 10,000 resamples with a fixed seed: the
/// same differences give the same intervals. `differences` is not empty.
[[nodiscard]] PairedDifference PairedDifferenceOf(std::span<const Difference> differences);

}  // namespace hdrp
