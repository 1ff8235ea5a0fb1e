// The guardrails of Predictive Mode: what they are called, how strongly each is applied, what each
// did. A guardrail protects against breakage; it is no taste filter (docs/prediction.md).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/plane.h"
#include "gainmap/gain.h"

namespace hdrp {

/// In the order in which they are applied.
enum class Guard : std::uint8_t {
  kBrightArea,  ///< a picture must not be lifted as a whole: its mean gain stays within 1.2 stops
};
inline constexpr std::array kGuards = {Guard::kBrightArea};

/// The largest mean gain of 48 phone photographs is 1.18 stops.
inline constexpr double kMaxMeanGainStops = 1.2;

/// "bright-area"
[[nodiscard]] std::string_view NameOf(Guard guard);

/// 0 (off) to 1 (full) for each guard.
class GuardStrengths {
 public:
  GuardStrengths();  ///< the defaults
  [[nodiscard]] double operator[](Guard guard) const;
  void Set(Guard guard, double strength);

 private:
  std::array<double, kGuards.size()> strengths_;
};

/// What the guards look at.
struct GuardScene {
  /// The base's coded RGB or grey at the gain's size, as stored (sRGB or Display P3 coding).
  PlaneView<const std::uint8_t> base;
};

struct GuardEffect {
  Guard guard;
  double strength = 0;
  double mean_change_stops = 0;  ///< mean of |gain before - gain after|
  double max_change_stops = 0;
};

struct GuardedGain {
  Log2Gain gain;
  std::vector<GuardEffect> effects;  ///< one for each guard that is on
};

/// All guards that are on, in their order. `gain` has one channel.
[[nodiscard]] Expected<GuardedGain> ApplyGuards(Log2Gain gain, const GuardScene& scene,
                                                const GuardStrengths& strengths);

}  // namespace hdrp
