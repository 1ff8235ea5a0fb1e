// Exp2Scalar of exp2.h for vectors, operation by operation. Highway compiles this once per target.
#if defined(HDRP_GAINMAP_EXP2_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef HDRP_GAINMAP_EXP2_INL_H_
#undef HDRP_GAINMAP_EXP2_INL_H_
#else
#define HDRP_GAINMAP_EXP2_INL_H_
#endif

#include <hwy/highway.h>

#include <cstddef>

#include "gainmap/exp2.h"

HWY_BEFORE_NAMESPACE();
namespace hdrp::HWY_NAMESPACE {

template <class D, class V = hwy::HWY_NAMESPACE::Vec<D>>
HWY_INLINE V Exp2(D d, V x) {
  namespace hn = hwy::HWY_NAMESPACE;
  const V least = hn::Set(d, kExp2Least);
  const V most = hn::Set(d, kExp2Most);
  x = hn::IfThenElse(hn::Gt(x, least), x, least);
  x = hn::IfThenElse(hn::Lt(x, most), x, most);
  const V rounder = hn::Set(d, kExp2Rounder);
  const V shifted = hn::Add(x, rounder);
  const V fraction = hn::Sub(x, hn::Sub(shifted, rounder));
  V sum = hn::Set(d, kExp2Taylor[7]);
  for (std::size_t k = 7; k-- > 0;) {
    sum = hn::Add(hn::Mul(sum, fraction), hn::Set(d, kExp2Taylor[k]));
  }
  const hn::RebindToUnsigned<D> du;
  const auto power =
      hn::Add(hn::ShiftLeft<23>(hn::BitCast(du, shifted)), hn::BitCast(du, hn::Set(d, 1.0F)));
  return hn::Mul(sum, hn::BitCast(d, power));
}

}  // namespace hdrp::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per target
