// Pictures that show people what alignment saw and did.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "obtain/small_gain.h"
#include "place/framing.h"

namespace hdrp {

/// A PNG, as displayed, at most kSmallGainSide px long. "overlay": the edit in red, what the
/// reference shows there, in the edit's tone, in cyan; "agreement": white where the reference's
/// gain is kept; "gain_before", "gain_after": black is the lowest of both, white the highest.
struct ExplainingPicture {
  std::string_view name;
  Bytes png;
};
inline constexpr auto kExplainingPictures =
    std::to_array<std::string_view>({"overlay", "agreement", "gain_before", "gain_after"});

/// "overlay" and "agreement", where the two were compared.
[[nodiscard]] Expected<std::vector<ExplainingPicture>> ExplainFraming(const Framing& framing);
/// "gain_before" and "gain_after", of SmallGain, on one scale.
[[nodiscard]] Expected<std::vector<ExplainingPicture>> ExplainGain(const Plane<float>& before,
                                                                   const Plane<float>& after);

}  // namespace hdrp
