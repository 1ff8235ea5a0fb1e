#include "align/tone/rising_curve.h"

namespace hdrp {

std::vector<double> Rising(const std::vector<CurveValue>& points) {
  struct Pool {
    double value, weight;
    std::size_t points;
  };
  std::vector<Pool> pools;
  for (const CurveValue& point : points) {
    Pool pool{point.value, point.weight, 1};
    while (!pools.empty() &&
           (pool.weight == 0 || pools.back().weight == 0 || pools.back().value > pool.value)) {
      const Pool& last = pools.back();
      const double weight = last.weight + pool.weight;
      const double sum = last.value * last.weight + pool.value * pool.weight;
      pool = {weight > 0 ? sum / weight : 0, weight, last.points + pool.points};
      pools.pop_back();
    }
    pools.push_back(pool);
  }
  std::vector<double> result;
  for (const Pool& pool : pools) result.insert(result.end(), pool.points, pool.value);
  return result;
}

}  // namespace hdrp
