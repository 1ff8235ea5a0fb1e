#include "gainmap/apply.h"

#include <cassert>
#include <cstddef>

#include "gainmap/exp2.h"

// Highway compiles what follows once per target, by including this file again.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "gainmap/apply.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

#include "gainmap/exp2-inl.h"

HWY_BEFORE_NAMESPACE();
namespace hdrp::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

/// The pixels of a row that fill whole vectors; returns how many they are.
std::size_t ApplyWholeVectors(std::span<const float> base_linear, std::span<const float> gain_stops,
                              const ApplyConstants& constants, std::span<float> hdr_linear) {
  const hn::ScalableTag<float> d;
  using V = hn::Vec<decltype(d)>;
  const std::size_t lanes = hn::Lanes(d);
  const std::size_t pixels = hdr_linear.size() / 3;
  const bool one_gain = gain_stops.size() == pixels;
  const V weight = hn::Set(d, constants.weight);
  const auto apply = [&](V base, V factor, std::size_t c) HWY_ATTR {
    const V lifted = hn::Add(base, hn::Set(d, constants.base_offset[c]));
    return hn::Sub(hn::Mul(lifted, factor), hn::Set(d, constants.alternate_offset[c]));
  };
  std::size_t x = 0;
  for (; x + lanes <= pixels; x += lanes) {
    V r;
    V g;
    V b;
    hn::LoadInterleaved3(d, base_linear.data() + 3 * x, r, g, b);
    V factor_r;
    V factor_g;
    V factor_b;
    if (one_gain) {
      factor_r = Exp2(d, hn::Mul(hn::LoadU(d, gain_stops.data() + x), weight));
      factor_g = factor_r;
      factor_b = factor_r;
    } else {
      hn::LoadInterleaved3(d, gain_stops.data() + 3 * x, factor_r, factor_g, factor_b);
      factor_r = Exp2(d, hn::Mul(factor_r, weight));
      factor_g = Exp2(d, hn::Mul(factor_g, weight));
      factor_b = Exp2(d, hn::Mul(factor_b, weight));
    }
    hn::StoreInterleaved3(apply(r, factor_r, 0), apply(g, factor_g, 1), apply(b, factor_b, 2), d,
                          hdr_linear.data() + 3 * x);
  }
  return x;
}

}  // namespace
}  // namespace hdrp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hdrp {

HWY_EXPORT(ApplyWholeVectors);

ApplyConstants ApplyConstantsOf(const GainMapMetadata& metadata, double weight) {
  ApplyConstants constants{.weight = static_cast<float>(weight)};
  for (std::size_t c = 0; c < 3; ++c) {
    constants.base_offset[c] = static_cast<float>(metadata.base_offset[c]);
    constants.alternate_offset[c] = static_cast<float>(metadata.alternate_offset[c]);
  }
  return constants;
}

void ApplyGainRow(std::span<const float> base_linear, std::span<const float> gain_stops,
                  const ApplyConstants& constants, std::span<float> hdr_linear) {
  const std::size_t done =
      HWY_DYNAMIC_DISPATCH(ApplyWholeVectors)(base_linear, gain_stops, constants, hdr_linear);
  // The same bits either way, so the twin does what is left over.
  const std::size_t gains_per_pixel = gain_stops.size() == hdr_linear.size() / 3 ? 1 : 3;
  ApplyGainRowScalar(base_linear.subspan(3 * done), gain_stops.subspan(gains_per_pixel * done),
                     constants, hdr_linear.subspan(3 * done));
}

void ApplyGainRowScalar(std::span<const float> base_linear, std::span<const float> gain_stops,
                        const ApplyConstants& constants, std::span<float> hdr_linear) {
  const std::size_t pixels = hdr_linear.size() / 3;
  assert(base_linear.size() == hdr_linear.size());
  assert(gain_stops.size() == pixels || gain_stops.size() == 3 * pixels);
  const bool one_gain = gain_stops.size() == pixels;
  for (std::size_t x = 0; x < pixels; ++x) {
    float factor = 0;
    for (std::size_t c = 0; c < 3; ++c) {
      if (c == 0 || !one_gain) {
        factor = Exp2Scalar(gain_stops[one_gain ? x : 3 * x + c] * constants.weight);
      }
      hdr_linear[3 * x + c] = (base_linear[3 * x + c] + constants.base_offset[c]) * factor -
                              constants.alternate_offset[c];
    }
  }
}

}  // namespace hdrp
#endif  // HWY_ONCE
