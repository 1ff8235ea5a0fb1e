// How much there is to find in a target. Where a phone lifts the frame as a whole the best
// prediction is a level; where something shines, it is a place. A mean over both hides either.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace hdrp {

/// Of a target's p99.5 less its median, in stops. The names are the bounds.
enum class Structure : std::uint8_t { kPlain, kSlight, kMarked, kStrong };
inline constexpr std::array kStructures = {Structure::kPlain, Structure::kSlight,
                                           Structure::kMarked, Structure::kStrong};
/// "< 0.3", "0.3 to 0.75", "0.75 to 1.5", "> 1.5"
[[nodiscard]] std::string_view NameOf(Structure structure);

/// A bound of two strata belongs to the upper one, but 1.5 to "0.75 to 1.5".
[[nodiscard]] Structure StructureOf(double top_less_median_stops);

}  // namespace hdrp
