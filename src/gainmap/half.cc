#include "gainmap/half.h"

#include <cassert>
#include <cstddef>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "gainmap/half.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace hdrp::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

std::size_t HalfFromWholeVectors(std::span<const float> values, std::span<std::uint16_t> halves) {
  const hn::ScalableTag<float> d;
  const hn::Rebind<hwy::float16_t, decltype(d)> df16;
  const hn::Rebind<std::uint16_t, decltype(d)> du16;
  const auto most = hn::Set(d, kLargestHalf);
  const auto least = hn::Set(d, -kLargestHalf);
  std::size_t i = 0;
  for (; i + hn::Lanes(d) <= values.size(); i += hn::Lanes(d)) {
    auto value = hn::LoadU(d, values.data() + i);
    value = hn::IfThenElse(hn::Lt(value, most), value, most);
    value = hn::IfThenElse(hn::Gt(value, least), value, least);
    hn::StoreU(hn::BitCast(du16, hn::DemoteTo(df16, value)), du16, halves.data() + i);
  }
  return i;
}

}  // namespace
}  // namespace hdrp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hdrp {

HWY_EXPORT(HalfFromWholeVectors);

void HalfFromFloatRow(std::span<const float> values, std::span<std::uint16_t> halves) {
  assert(values.size() == halves.size());
  const std::size_t done = HWY_DYNAMIC_DISPATCH(HalfFromWholeVectors)(values, halves);
  HalfFromFloatRowScalar(values.subspan(done), halves.subspan(done));
}

void HalfFromFloatRowScalar(std::span<const float> values, std::span<std::uint16_t> halves) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    float value = values[i] < kLargestHalf ? values[i] : kLargestHalf;
    value = value > -kLargestHalf ? value : -kLargestHalf;
    halves[i] = hwy::BitCastScalar<std::uint16_t>(hwy::F16FromF32(value));
  }
}

}  // namespace hdrp
#endif  // HWY_ONCE
