// The guardrails of Predictive Mode: what they are called, how strongly each is applied, what each
// did. A guardrail protects against breakage; it is no taste filter (docs/prediction.md).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/plane.h"
#include "gainmap/gain.h"

namespace hdrp {

/// In the order in which they are applied: first the gain's own shape, then what single places may
/// have, then the picture as a whole, and last what must hold whatever went before.
enum class Guard : std::uint8_t {
  kSmooth,        ///< smoothed along the picture's luma (smooth_gain.h); opt-in
  kHighlightCap,  ///< bent below the cap (highlight_cap.h)
  kFloor,         ///< no gain in blacks (shadow_floor.h)
  kSaturation,    ///< less in saturated colours (saturation.h); opt-in
  kSkin,          ///< less in colours of skin (skin.h); opt-in
  kText,          ///< a page is no light (text_page.h)
  kBrightArea,    ///< a picture must not be lifted as a whole : mean gain within 1.2 stops
  kClamp,         ///< 0 to 3.5 stops (clamp.h)
};
inline constexpr std::array kGuards = {Guard::kSmooth,     Guard::kHighlightCap, Guard::kFloor,
                                       Guard::kSaturation, Guard::kSkin,         Guard::kText,
                                       Guard::kBrightArea, Guard::kClamp};

/// The largest mean gain of 48 phone photographs is 1.18 stops.
inline constexpr double kMaxMeanGainStops = 1.2;

/// A guard as people meet it.
struct GuardInfo {
  Guard guard;
  std::string_view name;
  double initial;         ///< the strength where nobody asks for another
  std::string_view help;  ///< a sentence for photographers
};
/// In the order of kGuards.
inline constexpr auto kGuardInfos = std::to_array<GuardInfo>({
    {Guard::kSmooth, "smooth", 0,
     "Evens the brightening out, so that it looks neither blotchy nor noisy."},
    {Guard::kHighlightCap, "highlight-cap", 1,
     "Tames the very brightest lights, so that they keep their shape."},
    {Guard::kFloor, "floor", 1, "Leaves the deepest shadows alone, so that black stays black."},
    {Guard::kSaturation, "saturation", 0,
     "Holds strong colours back, so that they do not turn neon."},
    {Guard::kSkin, "skin", 0, "Holds skin back, so that faces do not glow."},
    {Guard::kText, "text", 1,
     "Leaves pages and screenshots alone, so that white paper does not shine like a lamp."},
    {Guard::kBrightArea, "bright-area", 1,
     "Holds the whole picture back where nearly all of it would get brighter, so that it does not "
     "dazzle."},
    {Guard::kClamp, "clamp", 1,
     "Keeps the brightening within bounds: nothing gets darker, nothing brighter by more than 3.5 "
     "stops."},
});

/// "bright-area"
[[nodiscard]] std::string_view NameOf(Guard guard);

/// 0 (off) to 1 (full) for each guard.
class GuardStrengths {
 public:
  GuardStrengths();  ///< the defaults
  [[nodiscard]] double operator[](Guard guard) const;
  void Set(Guard guard, double strength);
  /// True where Set was called: someone asked for guards.
  [[nodiscard]] bool chosen() const { return chosen_; }

 private:
  std::array<double, kGuards.size()> strengths_;
  bool chosen_ = false;
};

/// "NAME" (full strength), "NAME=on", "NAME=off" or "NAME=0.5" added to `strengths`. bad_argument
/// for other names and for strengths outside 0..1.
[[nodiscard]] Expected<GuardStrengths> WithGuard(GuardStrengths strengths, std::string_view text);

/// What the guards look at.
struct GuardScene {
  /// The base's coded RGB or grey at the gain's size, as stored (sRGB or Display P3 coding).
  PlaneView<const std::uint8_t> base;
  /// Its coded luma, 0..1.
  PlaneView<const float> luma;
  /// PageScore of the picture at full resolution, 0..1.
  double page_score = 0;
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

/// All guards that are on, in their order. `gain` has one channel and the scene's size.
/// model_failed where it is not finite, whichever guards are on.
[[nodiscard]] Expected<GuardedGain> ApplyGuards(Log2Gain gain, const GuardScene& scene,
                                                const GuardStrengths& strengths);

}  // namespace hdrp
