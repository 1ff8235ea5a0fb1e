#include "align/tone/tone_curve.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "align/tone/rising_curve.h"

namespace hdrp {

std::array<float, 256> ToneCurve(PlaneView<const std::uint8_t> edit,
                                 PlaneView<const std::uint8_t> reference) {
  constexpr int kBins = 64;
  constexpr int kCodesPerBin = 256 / kBins;
  std::vector<std::array<int, 256>> histograms(kBins);
  for (int y = 0; y < edit.height; ++y) {
    for (int x = 0; x < edit.width; ++x) {
      const auto bin = static_cast<std::size_t>(reference.At(x, y) / kCodesPerBin);
      ++histograms[bin][edit.At(x, y)];
    }
  }
  std::vector<CurveValue> medians;
  for (const auto& histogram : histograms) {
    const int count = std::accumulate(histogram.begin(), histogram.end(), 0);
    std::size_t median = 0;
    for (int below = histogram[0]; 2 * below < count; below += histogram[++median]) {
    }
    medians.push_back({static_cast<double>(median), static_cast<double>(count)});
  }
  const std::vector<double> rising = Rising(medians);
  const std::vector<float> levels(rising.begin(), rising.end());
  std::array<float, 256> curve{};
  for (int code = 0; code < 256; ++code) {
    const float at =
        std::clamp((static_cast<float>(code) + 0.5F) / kCodesPerBin - 0.5F, 0.0F, kBins - 1.0F);
    const int first = static_cast<int>(at);
    const int second = std::min(first + 1, kBins - 1);
    const float a = levels[static_cast<std::size_t>(first)];
    curve[static_cast<std::size_t>(code)] =
        a + (at - static_cast<float>(first)) * (levels[static_cast<std::size_t>(second)] - a);
  }
  return curve;
}

}  // namespace hdrp
