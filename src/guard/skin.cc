#include "guard/skin.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "gainmap/guided_filter.h"
#include "guard/ramp.h"

namespace hdrp {
namespace {

/// Of luma's variance: creases are well below its root, the outline of a face is above.
constexpr double kGuideEpsilon = 0.1 * 0.1;

/// Inside low..high, with ramps of `slope` outside.
[[nodiscard]] float Window(float value, float low, float high, float slope) {
  return SmoothRamp(low - slope, low, value) * (1 - SmoothRamp(high, high + slope, value));
}

}  // namespace

float SkinLikeness(std::uint8_t red, std::uint8_t green, std::uint8_t blue) {
  const auto r = static_cast<float>(red);
  const auto g = static_cast<float>(green);
  const auto b = static_cast<float>(blue);
  // BT.601, as in JFIF.
  const float luma = 0.299F * r + 0.587F * g + 0.114F * b;
  if (luma < 16) return 0;  // no colour can be told there
  const float cr = 0.713F * (r - luma) / luma;
  const float cb = 0.564F * (b - luma) / luma;
  return Window(cr, 0.17F, 0.30F, 0.05F) * Window(cb, -0.23F, -0.075F, 0.04F) *
         SmoothRamp(16, 48, luma);
}

Log2Gain LimitSkin(Log2Gain gain, PlaneView<const std::uint8_t> base,
                   PlaneView<const float> coded_luma) {
  assert(gain.stops.width() == base.width && gain.stops.height() == base.height);
  if (base.channels < 3) return gain;
  Plane<float> likeness(base.width, base.height);
  for (int y = 0; y < base.height; ++y) {
    for (int x = 0; x < base.width; ++x) {
      likeness.Row(y)[x] = SkinLikeness(base.At(x, y, 0), base.At(x, y, 1), base.At(x, y, 2));
    }
  }
  const GuidedFilterOptions options{
      std::max(2,
               static_cast<int>(std::lround(std::max(base.width, base.height) * kSkinRadiusShare))),
      kGuideEpsilon};
  likeness =
      AlongGuide(FitGuideLines(std::as_const(likeness).view(), coded_luma, options), coded_luma);
  for (int y = 0; y < base.height; ++y) {
    float* stops = gain.stops.Row(y);
    for (int x = 0; x < base.width; ++x) {
      stops[x] *= 1 - kSkinReduction * std::clamp(likeness.Row(y)[x], 0.0F, 1.0F);
    }
  }
  return gain;
}

}  // namespace hdrp
