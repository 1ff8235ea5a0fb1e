#include "guard/guards.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "gainmap/mean_gain.h"

namespace hdrp {
namespace {

[[nodiscard]] constexpr std::size_t IndexOf(Guard guard) {
  return static_cast<std::size_t>(guard);
}

[[nodiscard]] double DefaultStrength(Guard guard) {
  switch (guard) {
    case Guard::kBrightArea:
      return 1;
  }
  std::unreachable();
}

/// At full strength.
[[nodiscard]] Expected<Log2Gain> Apply(Guard guard, Log2Gain gain, const GuardScene&) {
  switch (guard) {
    case Guard::kBrightArea:
      return LimitMeanGain(std::move(gain), kMaxMeanGainStops);
  }
  std::unreachable();
}

/// Blends `guarded` with what was before, and says how far they are apart.
[[nodiscard]] GuardEffect Blend(Guard guard, double strength, const Plane<float>& before,
                                Plane<float>& guarded) {
  GuardEffect effect{guard, strength, 0, 0};
  const auto share = static_cast<float>(strength);
  for (int y = 0; y < before.height(); ++y) {
    for (int x = 0; x < before.width(); ++x) {
      const float from = before.Row(y)[x];
      float& to = guarded.Row(y)[x];
      if (share < 1) to = from + share * (to - from);
      const double change = std::abs(static_cast<double>(to) - static_cast<double>(from));
      effect.mean_change_stops += change;
      effect.max_change_stops = std::max(effect.max_change_stops, change);
    }
  }
  effect.mean_change_stops /= static_cast<double>(before.width()) * before.height();
  return effect;
}

}  // namespace

std::string_view NameOf(Guard guard) {
  switch (guard) {
    case Guard::kBrightArea:
      return "bright-area";
  }
  std::unreachable();
}

GuardStrengths::GuardStrengths() {
  for (const Guard guard : kGuards) Set(guard, DefaultStrength(guard));
}
double GuardStrengths::operator[](Guard guard) const { return strengths_[IndexOf(guard)]; }
void GuardStrengths::Set(Guard guard, double strength) { strengths_[IndexOf(guard)] = strength; }

Expected<GuardedGain> ApplyGuards(Log2Gain gain, const GuardScene& scene,
                                  const GuardStrengths& strengths) {
  GuardedGain result{std::move(gain), {}};
  for (const Guard guard : kGuards) {
    if (strengths[guard] <= 0) continue;
    Expected<Log2Gain> guarded = Apply(guard, {result.gain.stops.Clone()}, scene);
    if (!guarded) return std::unexpected(std::move(guarded.error()));
    result.effects.push_back(
        Blend(guard, strengths[guard], result.gain.stops, guarded->stops));
    result.gain = *std::move(guarded);
  }
  return result;
}

}  // namespace hdrp
