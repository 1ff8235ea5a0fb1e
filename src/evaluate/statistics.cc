#include "evaluate/statistics.h"

#include <algorithm>
#include <cassert>
#include <random>
#include <vector>

namespace hdrp {

PairedDifference PairedDifferenceOf(std::span<const double> differences) {
  assert(!differences.empty());
  constexpr std::size_t kResamples = 10'000;
  constexpr double kTie = 1e-4;
  const auto count = static_cast<double>(differences.size());
  PairedDifference result;
  for (const double difference : differences) {
    result.mean += difference / count;
    if (difference < -kTie) ++result.wins;
    if (difference > kTie) ++result.losses;
  }
  // The engine's numbers are the standard's; a distribution's would not be.
  std::mt19937_64 random(1);
  std::vector<double> means(kResamples);
  for (double& mean : means) {
    for (std::size_t i = 0; i < differences.size(); ++i) {
      mean += differences[random() % differences.size()] / count;
    }
  }
  std::ranges::sort(means);
  result.low = means[kResamples * 25 / 1000];
  result.high = means[kResamples * 975 / 1000];
  return result;
}

}  // namespace hdrp
