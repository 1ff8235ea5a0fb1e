// Least-squares rising curve through points that scatter.
#pragma once

#include <vector>

namespace hdrp {

/// A value and how much it counts; one of no weight takes the value of those before it.
struct CurveValue {
  double value = 0, weight = 0;
};

/// For each point the value of the rising curve: neighbours that fall are pooled (pool adjacent
/// violators).
[[nodiscard]] std::vector<double> Rising(const std::vector<CurveValue>& points);

}  // namespace hdrp
