#include "evaluate/statistics.h"

#include <algorithm>
#include <cassert>
#include <map>
#include <random>
#include <vector>

#include "evaluate/mean.h"

namespace hdrp {
namespace {

/// `draws`: what is drawn at once, a picture or a source.
[[nodiscard]] Interval IntervalOf(std::span<const Mean> draws) {
  constexpr std::size_t kResamples = 10'000;
  // The engine's numbers are the standard's; a distribution's would not be.
  std::mt19937_64 random(1);
  std::vector<double> means(kResamples);
  for (double& mean : means) {
    Mean drawn;
    for (std::size_t i = 0; i < draws.size(); ++i) {
      const Mean& draw = draws[random() % draws.size()];
      drawn.sum += draw.sum;
      drawn.count += draw.count;
    }
    mean = drawn.value();
  }
  std::ranges::sort(means);
  return {means[kResamples * 25 / 1000], means[kResamples * 975 / 1000]};
}

}  // namespace

PairedDifference PairedDifferenceOf(std::span<const Difference> differences) {
  assert(!differences.empty());
  constexpr double kTie = 1e-4;
  PairedDifference result;
  std::vector<Mean> pictures;
  std::map<std::string_view, Mean> by_source;
  Mean all;
  for (const auto& [stops, source] : differences) {
    pictures.push_back({stops, 1});
    by_source[source].Add(stops);
    all.Add(stops);
    if (stops < -kTie) ++result.wins;
    if (stops > kTie) ++result.losses;
  }
  result.mean = all.value();
  result.by_picture = IntervalOf(pictures);
  if (by_source.size() > 1) {
    std::vector<Mean> sources;
    for (const auto& [name, draw] : by_source) sources.push_back(draw);
    result.by_source = IntervalOf(sources);
  }
  return result;
}

}  // namespace hdrp
