#include "align/tone/toned_light.h"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>
#include <vector>

#include "align/compared.h"
#include "align/tone/luma_codes.h"
#include "align/tone/rank_curve.h"
#include "align/tone/rising_curve.h"
#include "align/warp/warp_gain.h"
#include "gainmap/gain.h"

namespace hdrp {
namespace {

/// Bins of light on a scale that is all but logarithmic: a float's exponent and the upper bits of
/// its mantissa. What is dark or not a number is in the first one, infinity in the last.
template <unsigned kMantissaBits>
struct LightBins {
  static constexpr unsigned kShift = 23 - kMantissaBits;
  static constexpr std::size_t kCount = 0x7F800000U >> kShift;
  [[nodiscard]] static std::size_t Of(float light) {
    if (!(light > 0)) return 0;
    return std::min<std::size_t>(std::bit_cast<std::uint32_t>(light) >> kShift, kCount - 1);
  }
  /// A place on the scale of bins; bin i is from i to i + 1.
  [[nodiscard]] static double Place(float light) {
    if (!(light > 0)) return 0;
    const auto bits = static_cast<double>(std::bit_cast<std::uint32_t>(light));
    return std::min(bits / (1U << kShift), static_cast<double>(kCount));
  }
};

/// A point of a curve.
struct CurvePoint {
  double place, code;
};

[[nodiscard]] double CodeAt(const std::vector<CurvePoint>& curve, double place) {
  const auto next = std::ranges::lower_bound(curve, place, {}, &CurvePoint::place);
  if (next == curve.begin()) return curve.front().code;
  if (next == curve.end()) return curve.back().code;
  const CurvePoint& before = *(next - 1);
  return before.code +
         (place - before.place) / (next->place - before.place) * (next->code - before.code);
}

/// The code that half of the counted ones do not exceed, to a fraction of a code.
[[nodiscard]] double MedianOf(const std::array<std::uint32_t, 256>& counts, double total) {
  double below = 0;
  for (std::size_t code = 0; code < 256; ++code) {
    const double here = counts[code];
    if (below + here >= total / 2)
      return static_cast<double>(code) - 0.5 + (total / 2 - below) / here;
    below += here;
  }
  return 255;
}

}  // namespace

Plane<std::uint8_t> TonedAs(PlaneView<const std::uint8_t> edit, PlaneView<const float> luminance) {
  using Bins = LightBins<9>;
  CodeCounts counts{};
  for (int y = 0; y < edit.height; ++y) {
    for (const std::uint8_t code : edit.RowSpan(y)) counts[code] += 1;
  }
  std::vector<double> count(Bins::kCount);
  for (int y = 0; y < luminance.height; ++y) {
    for (const float light : luminance.RowSpan(y)) count[Bins::Of(light)] += 1;
  }
  const std::vector<std::uint8_t> code_of_bin = CodesOfRank(count, counts);
  Plane<std::uint8_t> codes(luminance.width, luminance.height);
  for (int y = 0; y < luminance.height; ++y) {
    std::ranges::transform(luminance.RowSpan(y), codes.Row(y),
                           [&](float light) { return code_of_bin[Bins::Of(light)]; });
  }
  return codes;
}

Plane<std::uint8_t> TonedByPairs(PlaneView<const std::uint8_t> edit,
                                 PlaneView<const float> luminance, const FramingMap& to_reference) {
  using Bins = LightBins<3>;
  constexpr double kLeastPairs = 16;
  const double scale =
      std::min(1.0, static_cast<double>(LumaPair::kLongSide) / std::max(edit.width, edit.height));
  const RasterSize size = Scaled({edit.width, edit.height}, scale);
  const Plane<float> floats = Floats(edit);
  const Plane<std::uint8_t> codes = Codes(Resized(floats.view(), size.width, size.height).view());
  const Plane<float> light = Warped(luminance,
                                    {{edit.width, edit.height, Orientation::kTopLeft},
                                     {luminance.width, luminance.height, Orientation::kTopLeft},
                                     to_reference},
                                    size);
  const Plane<std::uint8_t> outside = OutsideReference(to_reference, size);
  std::vector<std::array<std::uint32_t, 256>> counts(Bins::kCount);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      if (outside.Row(y)[x] != 0) continue;
      ++counts[Bins::Of(light.Row(y)[x])][codes.Row(y)[x]];
    }
  }
  std::vector<CurvePoint> curve;
  std::vector<CurveValue> medians;
  for (std::size_t bin = 0; bin < Bins::kCount; ++bin) {
    const double pairs = std::accumulate(counts[bin].begin(), counts[bin].end(), 0.0);
    if (pairs < kLeastPairs) continue;
    medians.push_back({MedianOf(counts[bin], pairs), pairs});
    curve.push_back({static_cast<double>(bin) + 0.5, 0});
  }
  if (curve.empty()) return TonedAs(edit, luminance);
  const std::vector<double> rising = Rising(medians);
  for (std::size_t i = 0; i < curve.size(); ++i) curve[i].code = rising[i];
  Plane<std::uint8_t> result(luminance.width, luminance.height);
  for (int y = 0; y < result.height(); ++y) {
    std::ranges::transform(luminance.RowSpan(y), result.Row(y), [&](float value) {
      const double code = CodeAt(curve, Bins::Place(value));
      return static_cast<std::uint8_t>(std::clamp(code, 0.0, 255.0) + 0.5);
    });
  }
  return result;
}

}  // namespace hdrp
