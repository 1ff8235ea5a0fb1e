#include "evaluate/statistics.h"

#include <algorithm>
#include <cassert>
#include <map>
#include <random>
#include <vector>

namespace hdrp {
namespace {

/// What is drawn at once.
struct Draw {
  double sum = 0;
  double count = 0;
  void Add(double value) {
    sum += value;
    ++count;
  }
};

[[nodiscard]] Interval IntervalOf(std::span<const Draw> draws) {
  constexpr std::size_t kResamples = 10'000;
  // The engine's numbers are the standard's; a distribution's would not be.
  std::mt19937_64 random(1);
  std::vector<double> means(kResamples);
  for (double& mean : means) {
    Draw drawn;
    for (std::size_t i = 0; i < draws.size(); ++i) {
      const Draw& draw = draws[random() % draws.size()];
      drawn.sum += draw.sum;
      drawn.count += draw.count;
    }
    mean = drawn.sum / drawn.count;
  }
  std::ranges::sort(means);
  return {means[kResamples * 25 / 1000], means[kResamples * 975 / 1000]};
}

}  // namespace

PairedDifference PairedDifferenceOf(std::span<const Difference> differences) {
  assert(!differences.empty());
  constexpr double kTie = 1e-4;
  PairedDifference result;
  std::vector<Draw> pictures;
  std::map<std::string_view, Draw> by_source;
  Draw all;
  for (const auto& [stops, source] : differences) {
    pictures.push_back({stops, 1});
    by_source[source].Add(stops);
    all.Add(stops);
    if (stops < -kTie) ++result.wins;
    if (stops > kTie) ++result.losses;
  }
  result.mean = all.sum / all.count;
  result.by_picture = IntervalOf(pictures);
  if (by_source.size() > 1) {
    std::vector<Draw> sources;
    for (const auto& [name, draw] : by_source) sources.push_back(draw);
    result.by_source = IntervalOf(sources);
  }
  return result;
}

}  // namespace hdrp
