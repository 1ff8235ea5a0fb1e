#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

#include "gainmap/exp2.h"
#include "predict/bright.h"

// Highway compiles what follows once per target, by including this file again.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "predict/bilateral_luma.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

#include "gainmap/exp2-inl.h"

#ifndef HDRP_OBTAIN_BILATERAL_LUMA_CC_
#define HDRP_OBTAIN_BILATERAL_LUMA_CC_
namespace hdrp {
namespace {

/// exp(-d^2 / (2 sigma^2)) = 2^(Log2Falloff(sigma) * d^2)
constexpr float Log2Falloff(float sigma) {
  return -std::numbers::log2e_v<float> / (2 * sigma * sigma);
}
constexpr int kRadius = 12;                      // round(1.5 * the sigma of space)
constexpr float kSpaceFalloff = Log2Falloff(8);  // pixels: 1/32 of the long side
[[maybe_unused]] constexpr float kRangeFalloff = Log2Falloff(0.15F);  // of coded luma 0..1

/// A neighbour: how far its sample lies from the centre's in memory, and log2 of its weight.
struct Tap {
  std::ptrdiff_t offset;
  float log2_weight;
};

}  // namespace
}  // namespace hdrp
#endif

HWY_BEFORE_NAMESPACE();
namespace hdrp::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

/// Whole vectors, up to one of them past `width`: rows are padded for it.
void FilterRow(const float* centre, int width, const std::vector<Tap>& taps, float* out) {
  const hn::ScalableTag<float> d;
  for (int x = 0; x < width; x += static_cast<int>(hn::Lanes(d))) {
    const auto own = hn::LoadU(d, centre + x);
    auto weights = hn::Zero(d);
    auto differences = hn::Zero(d);  // sum of weight * (Y(q) - Y(p))
    for (const Tap& tap : taps) {
      const auto difference = hn::Sub(hn::LoadU(d, centre + x + tap.offset), own);
      const auto weight =
          Exp2(d, hn::Add(hn::Set(d, tap.log2_weight),
                          hn::Mul(hn::Mul(hn::Set(d, kRangeFalloff), difference), difference)));
      weights = hn::Add(weights, weight);
      differences = hn::Add(differences, hn::Mul(weight, difference));
    }
    hn::StoreU(hn::Add(own, hn::Div(differences, weights)), d, out + x);
  }
}

}  // namespace
}  // namespace hdrp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hdrp {
namespace {

HWY_EXPORT(FilterRow);

constexpr int kFilteredBandRows = 8;

/// FilterRow's twin.
void FilterRowScalar(const float* centre, int width, const std::vector<Tap>& taps, float* out) {
  for (int x = 0; x < width; ++x) {
    float weights = 0;
    float differences = 0;
    for (const Tap& tap : taps) {
      const float difference = centre[x + tap.offset] - centre[x];
      const float weight = Exp2Scalar(tap.log2_weight + kRangeFalloff * difference * difference);
      weights += weight;
      differences += weight * difference;
    }
    out[x] = centre[x] + differences / weights;
  }
}

[[nodiscard]] std::vector<Tap> CircularTaps(std::size_t stride) {
  std::vector<Tap> taps;
  for (int dy = -kRadius; dy <= kRadius; ++dy) {
    for (int dx = -kRadius; dx <= kRadius; ++dx) {
      const int squared = dx * dx + dy * dy;
      if (squared > kRadius * kRadius) continue;
      taps.push_back({dy * static_cast<std::ptrdiff_t>(stride) + dx,
                      kSpaceFalloff * static_cast<float>(squared)});
    }
  }
  return taps;
}

/// Index of the sample that a reflect-101 border shows at `i`: ... 2 1 0 1 2 ... (pictures smaller
/// than the radius are reflected more than once).
[[nodiscard]] int Reflected(int i, int count) {
  if (count == 1) return 0;
  const int period = 2 * (count - 1);
  const int within = ((i % period) + period) % period;
  return within < count ? within : period - within;
}

[[nodiscard]] Plane<float> WithBorder(PlaneView<const float> image) {
  Plane<float> result(image.width + 2 * kRadius, image.height + 2 * kRadius);
  for (int y = 0; y < result.height(); ++y) {
    const float* from = image.Row(Reflected(y - kRadius, image.height));
    float* to = result.Row(y);
    for (int x = 0; x < result.width(); ++x) to[x] = from[Reflected(x - kRadius, image.width)];
  }
  return result;
}

}  // namespace

Expected<Plane<float>> BilateralLuma(PlaneView<const float> luma, const Parallelism& parallelism) {
  const Plane<float> bordered = WithBorder(luma);
  const std::vector<Tap> taps = CircularTaps(bordered.view().stride);
  Plane<float> result(luma.width, luma.height);
  const auto filter_rows = [&](int first, int end) {
    for (int y = first; y < end; ++y) {
      HWY_DYNAMIC_DISPATCH(FilterRow)
      (bordered.Row(y + kRadius) + kRadius, luma.width, taps, result.Row(y));
    }
  };
  HDRP_RETURN_IF_ERROR(
      ForEachRowBand(luma.height, kFilteredBandRows, parallelism, "bilateral filter", filter_rows));
  return result;
}

Plane<float> BilateralLumaScalar(PlaneView<const float> luma) {
  const Plane<float> bordered = WithBorder(luma);
  const std::vector<Tap> taps = CircularTaps(bordered.view().stride);
  Plane<float> result(luma.width, luma.height);
  for (int y = 0; y < luma.height; ++y) {
    FilterRowScalar(bordered.Row(y + kRadius) + kRadius, luma.width, taps, result.Row(y));
  }
  return result;
}

}  // namespace hdrp
#endif  // HWY_ONCE
