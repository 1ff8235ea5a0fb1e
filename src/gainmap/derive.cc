#include "gainmap/derive.h"

#include <cassert>
#include <cstddef>

#include "gainmap/log2.h"

// Highway compiles what follows once per target, by including this file again.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "gainmap/derive.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace hdrp::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

/// Log2Scalar, operation by operation.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V Log2(D d, V x) {
  const hn::RebindToUnsigned<D> du;
  const hn::RebindToSigned<D> di;
  const auto split = hn::Set(du, kLog2SplitBits);
  const auto shifted = hn::Sub(hn::BitCast(du, x), split);
  const V exponent = hn::ConvertTo(d, hn::ShiftRight<23>(hn::BitCast(di, shifted)));
  const V m = hn::BitCast(d, hn::Add(hn::And(shifted, hn::Set(du, kLog2MantissaBits)), split));
  const V one = hn::Set(d, 1.0F);
  const V s = hn::Div(hn::Sub(m, one), hn::Add(m, one));
  const V square = hn::Mul(s, s);
  V sum = hn::Set(d, kLog2Series[4]);
  for (std::size_t k = 4; k-- > 0;) {
    sum = hn::Add(hn::Mul(sum, square), hn::Set(d, kLog2Series[k]));
  }
  return hn::Add(exponent, hn::Mul(sum, s));
}

/// The pixels of a row that fill whole vectors; returns how many they are.
std::size_t DeriveWholeVectors(const DeriveInput& input, std::span<float> stops,
                               std::span<float> hdr_luminance) {
  const hn::ScalableTag<float> d;
  using V = hn::Vec<decltype(d)>;
  const std::size_t lanes = hn::Lanes(d);
  const std::size_t pixels = hdr_luminance.size();
  const bool one_gain = stops.size() == pixels;
  const V offset = hn::Set(d, kDeriveOffset);
  const V zero = hn::Zero(d);
  const V red = hn::Set(d, input.luminance[0]);
  const V green = hn::Set(d, input.luminance[1]);
  const V blue = hn::Set(d, input.luminance[2]);
  const auto luminance = [&](V r, V g, V b) HWY_ATTR {
    const V y = hn::Add(hn::Add(hn::Mul(r, red), hn::Mul(g, green)), hn::Mul(b, blue));
    return hn::IfThenElse(hn::Gt(y, zero), y, zero);
  };
  const auto gain = [&](V hdr, V base) HWY_ATTR {
    hdr = hn::IfThenElse(hn::Gt(hdr, zero), hdr, zero);
    base = hn::IfThenElse(hn::Gt(base, zero), base, zero);
    return Log2(d, hn::Div(hn::Add(hdr, offset), hn::Add(base, offset)));
  };
  std::size_t x = 0;
  for (; x + lanes <= pixels; x += lanes) {
    V hr;
    V hg;
    V hb;
    V br;
    V bg;
    V bb;
    hn::LoadInterleaved3(d, input.hdr_linear.data() + 3 * x, hr, hg, hb);
    hn::LoadInterleaved3(d, input.base_linear.data() + 3 * x, br, bg, bb);
    const V y = luminance(hr, hg, hb);
    hn::StoreU(y, d, hdr_luminance.data() + x);
    if (one_gain) {
      hn::StoreU(gain(y, luminance(br, bg, bb)), d, stops.data() + x);
    } else {
      hn::StoreInterleaved3(gain(hr, br), gain(hg, bg), gain(hb, bb), d, stops.data() + 3 * x);
    }
  }
  return x;
}

}  // namespace
}  // namespace hdrp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hdrp {

HWY_EXPORT(DeriveWholeVectors);

void DeriveGainRow(const DeriveInput& input, std::span<float> stops,
                   std::span<float> hdr_luminance) {
  const std::size_t done = HWY_DYNAMIC_DISPATCH(DeriveWholeVectors)(input, stops, hdr_luminance);
  // The same bits either way, so the twin does what is left over.
  const std::size_t gains_per_pixel = stops.size() == hdr_luminance.size() ? 1 : 3;
  DeriveGainRowScalar(
      {input.hdr_linear.subspan(3 * done), input.base_linear.subspan(3 * done), input.luminance},
      stops.subspan(gains_per_pixel * done), hdr_luminance.subspan(done));
}

void DeriveGainRowScalar(const DeriveInput& input, std::span<float> stops,
                         std::span<float> hdr_luminance) {
  const std::size_t pixels = hdr_luminance.size();
  assert(input.hdr_linear.size() == 3 * pixels && input.base_linear.size() == 3 * pixels);
  assert(stops.size() == pixels || stops.size() == 3 * pixels);
  const bool one_gain = stops.size() == pixels;
  const auto luminance = [&](const float* rgb) {
    const float y =
        (rgb[0] * input.luminance[0] + rgb[1] * input.luminance[1]) + rgb[2] * input.luminance[2];
    return y > 0 ? y : 0.0F;
  };
  const auto gain = [](float hdr, float base) {
    hdr = hdr > 0 ? hdr : 0.0F;
    base = base > 0 ? base : 0.0F;
    return Log2Scalar((hdr + kDeriveOffset) / (base + kDeriveOffset));
  };
  for (std::size_t x = 0; x < pixels; ++x) {
    const float* hdr = input.hdr_linear.data() + 3 * x;
    const float* base = input.base_linear.data() + 3 * x;
    hdr_luminance[x] = luminance(hdr);
    if (one_gain) {
      stops[x] = gain(hdr_luminance[x], luminance(base));
    } else {
      for (std::size_t c = 0; c < 3; ++c) stops[3 * x + c] = gain(hdr[c], base[c]);
    }
  }
}

}  // namespace hdrp
#endif  // HWY_ONCE
