// Blocks of both pictures' detail (codes less their surroundings' mean) are correlated in place and
// a pixel off to all sides. How the correlation bends says where its peak is, and in which
// direction that is known at all: along an edge it is not.

#include "align/find/displacement.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "align/find/common_raster.h"
#include "align/find/seen_blocks.h"
#include "align/find/shift_field.h"
#include "align/tone/tone_curve.h"

namespace hdrp {
namespace {

constexpr int kLeastPlaces = 6;        // with texture, to say anything
constexpr double kLeastInPlace = 0.3;  // of the places with texture
constexpr double kOfTolerance = 0.5;   // correlations shorten shifts; registration settles the rest
constexpr double kBend = 0.02;         // px^-2; half of a place's weight
constexpr double kTellingBend = 0.05;  // from which a single place's shift means something
constexpr float kExactly = 0.998F;     // correlation in place: nothing that tells was shifted
constexpr double kAstrayPx = 0.35;     // against the field
constexpr double kTogetherPx = 0.35;   // of a group's members
constexpr int kGroup = 4, kNearby = 2;  // members, within so many blocks of each

struct StrayPlace {
  int column, row;
  Point shift;  ///< px
};

/// Under the edit's tone: curves widen what is bright or dark, and clipping cuts it off. Where tone
/// changed by place, the one curve says little, and the codes as they are more.
[[nodiscard]] Levels AsToned(const CommonRaster& rasters) {
  const std::array<float, 256> curve = ToneCurve(rasters.edit().codes, rasters.reference().codes);
  Levels levels{};
  std::ranges::transform(curve, levels.begin(), [](float level) {
    return static_cast<std::int16_t>(std::lround(4 * level));
  });
  return levels;
}

[[nodiscard]] std::vector<SeenShift> ShiftsOf(const std::vector<SeenBlock>& blocks) {
  std::vector<SeenShift> shifts;
  for (const SeenBlock& block : blocks) {
    for (const PeakAxis& axis : block.axes) {
      if (axis.bend <= 0) continue;
      shifts.push_back({block.at, axis.direction, axis.distance, axis.bend / (axis.bend + kBend)});
    }
  }
  return shifts;
}

/// Blocks whose shift the field does not explain.
[[nodiscard]] std::vector<StrayPlace> Strays(const std::vector<SeenBlock>& blocks,
                                             const ShiftField& field) {
  std::vector<StrayPlace> strays;
  for (const SeenBlock& block : blocks) {
    const Point expected = field.At(block.at);
    Point off{};
    for (const PeakAxis& axis : block.axes) {
      if (axis.bend < kTellingBend) continue;
      const double along =
          axis.distance - expected.x * axis.direction.x - expected.y * axis.direction.y;
      off.x += along * axis.direction.x;
      off.y += along * axis.direction.y;
    }
    if (block.elsewhere) {
      off = {block.best_shift.x - expected.x, block.best_shift.y - expected.y};
    }
    if (std::hypot(off.x, off.y) > kAstrayPx) strays.push_back({block.column, block.row, off});
  }
  return strays;
}

/// Those with enough others nearby that strayed alike.
[[nodiscard]] int CountGrouped(const std::vector<StrayPlace>& strays) {
  return static_cast<int>(std::ranges::count_if(strays, [&](const StrayPlace& a) {
    return std::ranges::count_if(strays, [&](const StrayPlace& b) {
             return std::abs(a.column - b.column) <= kNearby &&
                    std::abs(a.row - b.row) <= kNearby &&
                    std::hypot(a.shift.x - b.shift.x, a.shift.y - b.shift.y) <= kTogetherPx;
           }) >= kGroup;
  }));
}

/// The longest shift of anything seen that is not the fit's own error, px.
[[nodiscard]] double MostOf(const FittedShifts& fit, const std::vector<SeenBlock>& blocks) {
  constexpr double kErrors = 2;
  double most = 0;
  for (const SeenBlock& block : blocks) {
    const Point shift = fit.field.At(block.at);
    most = std::max(most, std::hypot(shift.x, shift.y) - kErrors * fit.ErrorAt(block.at));
  }
  return most;
}

[[nodiscard]] Displacement Judge(const SeenBlocks& seen, double long_side, double tolerance) {
  Displacement result;
  result.textured = seen.textured;
  result.in_place = seen.in_place;
  if (seen.textured < kLeastPlaces) return result;
  const FittedShifts fit = FitShifts(ShiftsOf(seen.blocks));
  result.most = MostOf(fit, seen.blocks) / long_side;
  result.astray = CountGrouped(Strays(seen.blocks, fit.field));
  const bool found = seen.in_place >= kLeastInPlace * seen.textured;
  if (found && result.most <= kOfTolerance * tolerance && result.astray < kGroup) {
    result.placed = Placed::kSame;
  } else if (found || 2 * static_cast<int>(seen.blocks.size()) >= seen.textured) {
    result.placed = Placed::kMoved;
  }
  return result;
}

}  // namespace

Displacement DisplacementOf(const LumaView& edit, const LumaView& reference, double tolerance) {
  const CommonRaster rasters(edit, reference);
  const int width = rasters.edit().codes.width, height = rasters.edit().codes.height;
  if (std::min(width, height) < kLeastSeenSide) return {};
  const double long_side = std::max(width, height);
  const Plane<std::int16_t> of_edit = DetailOf(rasters.edit().codes, AsIs());
  const auto against = [&](const Levels& levels) {
    const Plane<std::int16_t> of_reference = DetailOf(rasters.reference().codes, levels);
    SeenBlocks seen = LookAtBlocks(of_edit, of_reference);
    const Displacement first = Judge(seen, long_side, tolerance);
    if (first.placed != Placed::kMoved || first.astray < kGroup) return first;
    const SeenBlocks own = LookAtBlocks(of_reference, of_reference);
    return Judge(WithoutOwnShifts(std::move(seen), own), long_side, tolerance);
  };
  Displacement result = against(AsIs());
  if (result.placed == Placed::kSame) return result;
  // What moved does so under any tone.
  Displacement toned = against(AsToned(rasters));
  return toned.placed == Placed::kSame || result.placed == Placed::kUnknown ? toned : result;
}

}  // namespace hdrp
