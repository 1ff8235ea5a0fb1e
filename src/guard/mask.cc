#include "guard/mask.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace hdrp {
namespace {

/// The pixels of a side of `in` that output pixel `i` of `out` touches.
struct Span {
  int first, end;
};
[[nodiscard]] Span Touched(int i, int in, int out) {
  const auto edge = [in](std::int64_t at) { return at * in; };
  return {static_cast<int>(edge(i) / out), static_cast<int>((edge(i + 1) + out - 1) / out)};
}

/// The square root of the mask (0..1) at another size. The largest of all touched pixels counts, so
/// that thin strokes survive.
[[nodiscard]] Plane<float> RootOfMask(PlaneView<const std::uint8_t> mask, RasterSize size) {
  Plane<float> result(size.width, size.height);
  std::vector<std::uint8_t> largest(static_cast<std::size_t>(mask.width));
  for (int y = 0; y < size.height; ++y) {
    std::ranges::fill(largest, std::uint8_t{0});
    const Span rows = Touched(y, mask.height, size.height);
    for (int v = rows.first; v < rows.end; ++v) {
      std::ranges::transform(largest, mask.RowSpan(v), largest.begin(),
                             [](std::uint8_t a, std::uint8_t b) { return std::max(a, b); });
    }
    for (int x = 0; x < size.width; ++x) {
      const Span columns = Touched(x, mask.width, size.width);
      const std::uint8_t code =
          *std::max_element(largest.begin() + columns.first, largest.begin() + columns.end);
      result.view().At(x, y) = std::sqrt(static_cast<float>(code) / 255.0F);
    }
  }
  return result;
}

// The feathered mask is m'(p) = max over q of max(0, sqrt(m(q)) - |p - q|^2 / R^2)^2. Around white
// it falls as (1 - d^2/R^2)^2, with a level start and a level end; grey takes part in proportion;
// and q = p shows that it is never below the mask. |p - q|^2 splits into rows and columns, so two
// passes along the axes give the maximum over the whole disc exactly.

/// One pass: max over k of source[i + k] - k^2 / R^2, i counting along rows or columns.
class Feather {
 public:
  explicit Feather(double radius) {
    for (int k = 0; k <= radius; ++k) drops_.push_back(static_cast<float>(k * k / radius / radius));
  }

  [[nodiscard]] Plane<float> AlongRows(const Plane<float>& source) const {
    Plane<float> result = source.Clone();
    const int width = source.width();
    for (int y = 0; y < source.height(); ++y) {
      for (int k = 1; k < std::min(Reach(), width); ++k) {
        Raise(source.Row(y), result.Row(y) + k, width - k, k);
        Raise(source.Row(y) + k, result.Row(y), width - k, k);
      }
    }
    return result;
  }

  [[nodiscard]] Plane<float> AlongColumns(const Plane<float>& source) const {
    Plane<float> result = source.Clone();
    for (int y = 0; y < source.height(); ++y) {
      for (int k = 1; k < Reach(); ++k) {
        if (y - k >= 0) Raise(source.Row(y - k), result.Row(y), source.width(), k);
        if (y + k < source.height()) Raise(source.Row(y + k), result.Row(y), source.width(), k);
      }
    }
    return result;
  }

 private:
  [[nodiscard]] int Reach() const { return static_cast<int>(drops_.size()); }

  void Raise(const float* from, float* to, int count, int distance) const {
    const float drop = drops_[static_cast<std::size_t>(distance)];
    for (int i = 0; i < count; ++i) to[i] = std::max(to[i], from[i] - drop);
  }

  std::vector<float> drops_;  ///< k^2 / R^2
};

}  // namespace

Expected<Plane<float>> FeatheredMask(PlaneView<const std::uint8_t> mask, RasterSize map,
                                     Orientation base_orientation, const MaskOptions& options) {
  const Plane<std::uint8_t> stored = Oriented(mask, Inverse(base_orientation));
  if (!SameAspect({stored.width(), stored.height()}, map)) {
    const bool swaps = SwapsSides(base_orientation);
    return Fail(
        ErrorCode::kMismatch, "mask",
        "expected the aspect ratio of the displayed picture (gain map {} x {} as displayed), "
        "found {} x {}",
        swaps ? map.height : map.width, swaps ? map.width : map.height, mask.width, mask.height);
  }

  const double radius = std::max(1.0, options.feather_fraction * std::max(map.width, map.height));
  const Feather feather(radius);
  Plane<float> result = feather.AlongColumns(feather.AlongRows(RootOfMask(stored.view(), map)));
  for (int y = 0; y < map.height; ++y) {
    for (float& value : result.view().RowSpan(y)) value *= value;
  }
  return result;
}

GainMapMetadata HoldingZero(const GainMapMetadata& metadata) {
  GainMapMetadata result = metadata;
  for (std::size_t c = 0; c < 3; ++c) {
    result.gain_map_min[c] = std::min(metadata.gain_map_min[c], 0.0);
    result.gain_map_max[c] = std::max(metadata.gain_map_max[c], 0.0);
  }
  const bool changed =
      result.gain_map_min != metadata.gain_map_min || result.gain_map_max != metadata.gain_map_max;
  if (changed) result.fractions.reset();
  return result;
}

}  // namespace hdrp
