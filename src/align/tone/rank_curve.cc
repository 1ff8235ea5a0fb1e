#include "align/tone/rank_curve.h"

#include <cstddef>
#include <numeric>

namespace hdrp {

std::vector<std::uint8_t> CodesOfRank(std::span<const double> bins, const CodeCounts& codes) {
  CodeCounts upto{};  // each
  std::partial_sum(codes.begin(), codes.end(), upto.begin());
  const double scale = upto.back() / std::accumulate(bins.begin(), bins.end(), 0.0);
  std::vector<std::uint8_t> curve(bins.size());
  double below = 0;
  std::size_t code = 0;
  for (std::size_t bin = 0; bin < bins.size(); ++bin) {
    const double middle = (below + bins[bin] / 2) * scale;
    while (code < 255 && upto[code] < middle) ++code;
    curve[bin] = static_cast<std::uint8_t>(code);
    below += bins[bin];
  }
  return curve;
}

}  // namespace hdrp
