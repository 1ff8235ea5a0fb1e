#include "guard/guards.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "gainmap/mean_gain.h"
#include "guard/clamp.h"
#include "guard/highlight_cap.h"
#include "guard/saturation.h"
#include "guard/shadow_floor.h"
#include "guard/skin.h"
#include "guard/smooth_gain.h"
#include "guard/text_page.h"

namespace hdrp {
namespace {

[[nodiscard]] constexpr std::size_t IndexOf(Guard guard) { return static_cast<std::size_t>(guard); }

static_assert(std::ranges::equal(kGuardInfos, kGuards, {}, &GuardInfo::guard));

/// At full strength.
[[nodiscard]] Log2Gain Apply(Guard guard, Log2Gain gain, const GuardScene& scene) {
  switch (guard) {
    case Guard::kSmooth:
      return SmoothAlongLuma(std::move(gain), scene.luma);
    case Guard::kHighlightCap:
      return CapHighlights(std::move(gain));
    case Guard::kFloor:
      return FloorShadows(std::move(gain), scene.luma);
    case Guard::kSaturation:
      return LimitSaturation(std::move(gain), scene.base);
    case Guard::kSkin:
      return LimitSkin(std::move(gain), scene.base, scene.luma);
    case Guard::kText:
      return LimitPage(std::move(gain), scene.page_score);
    case Guard::kBrightArea:
      return LimitMeanGain(std::move(gain), kMaxMeanGainStops);
    case Guard::kClamp:
      return ClampGain(std::move(gain));
  }
  std::unreachable();
}

/// Blends `guarded` with what was before, and says how far they are apart.
[[nodiscard]] GuardEffect Blend(Guard guard, double strength, const Plane<float>& before,
                                Plane<float>& guarded) {
  GuardEffect effect{guard, strength, 0, 0};
  const auto share = static_cast<float>(strength);
  for (int y = 0; y < before.height(); ++y) {
    const auto from = before.view().RowSpan(y);
    const auto to = guarded.view().RowSpan(y);
    if (std::memcmp(from.data(), to.data(), from.size_bytes()) == 0) continue;
    double sum = 0;
    float largest = 0;
    for (std::size_t x = 0; x < from.size(); ++x) {
      if (share < 1) to[x] = from[x] + share * (to[x] - from[x]);
      const float change = std::abs(to[x] - from[x]);
      sum += static_cast<double>(change);
      largest = std::max(largest, change);
    }
    effect.mean_change_stops += sum;
    effect.max_change_stops = std::max(effect.max_change_stops, static_cast<double>(largest));
  }
  effect.mean_change_stops /= static_cast<double>(before.width()) * before.height();
  return effect;
}

void CopySamples(const Plane<float>& from, Plane<float>& to) {
  for (int y = 0; y < from.height(); ++y) std::ranges::copy(from.view().RowSpan(y), to.Row(y));
}

}  // namespace

std::string_view NameOf(Guard guard) { return kGuardInfos[IndexOf(guard)].name; }

GuardStrengths::GuardStrengths() {
  for (const GuardInfo& info : kGuardInfos) strengths_[IndexOf(info.guard)] = info.initial;
}
double GuardStrengths::operator[](Guard guard) const { return strengths_[IndexOf(guard)]; }
void GuardStrengths::Set(Guard guard, double strength) {
  strengths_[IndexOf(guard)] = strength;
  chosen_ = true;
}

Expected<GuardedGain> ApplyGuards(Log2Gain gain, const GuardScene& scene,
                                  const GuardStrengths& strengths) {
  HDRP_RETURN_IF_ERROR(RequireFinite(std::as_const(gain.stops).view()));
  GuardedGain result{std::move(gain), {}};
  Plane<float> before = result.gain.stops.Clone();
  for (const Guard guard : kGuards) {
    if (strengths[guard] <= 0) continue;
    result.gain = Apply(guard, std::move(result.gain), scene);
    const GuardEffect effect = Blend(guard, strengths[guard], before, result.gain.stops);
    result.effects.push_back(effect);
    if (effect.max_change_stops > 0) CopySamples(result.gain.stops, before);
  }
  return result;
}

}  // namespace hdrp
