// At which resolution, and how coarsely, a derived gain map is coded: by trying it.
#pragma once

#include <cstddef>
#include <optional>

#include "base/limits.h"
#include "gainmap/fine_gain.h"

namespace hdrp {

/// What the user fixed, and how many bytes the map may take where nothing is fixed.
struct CodingWishes {
  std::optional<int> scale = std::nullopt;    ///< 1, 2 or 4
  std::optional<int> quality = std::nullopt;  ///< 1..100, see FlatStepOfQuality
  std::size_t budget_bytes = 0;
  /// What it may take where the budget loses more than kTolerableStops; no more than the budget: it
  /// does not grow.
  std::size_t most_bytes = 0;
};

/// The 99th percentile of error for which a map may grow beyond its budget.
inline constexpr double kTolerableStops = 0.25;

/// A derived map's bytes are at most this share of the base's: gain maps of cameras take 1 to 4 %,
/// and what a map costs beyond is better spent on the base.
inline constexpr double kMapShareOfBase = 1.0 / 16;
/// And this where that loses too much: more, and the file is no longer mostly the edit.
inline constexpr double kMostMapShareOfBase = 1.0 / 4;
/// But small pictures' maps, which are mostly headers and tables, may always take this much.
inline constexpr std::size_t kLeastMapBudgetBytes = 4096;

struct MapCoding {
  int scale = 1;
  int flat_step = 1;  ///< of the JPEG's quantisation, see JpegEncodeOptions
  GainError error;    ///< of the sample, coded so
};

/// For each resolution (or the one that is fixed) the finest quantisation whose estimated bytes
/// stay within the budget is found by coding the sample; the coarsest resolution whose 99th
/// percentile of error is invisible is taken, else the one with the least error. Where that exceeds
/// kTolerableStops, the budget grows: of all that do not, the one of the fewest bytes is taken, or,
/// where most_bytes buy none, the least error they buy. Steps: docs/formulas.md.
[[nodiscard]] Expected<MapCoding> ChooseMapCoding(const FineGain& gain,
                                                  const GainMapMetadata& metadata,
                                                  const CodingWishes& wishes,
                                                  const StopCondition& stop);

}  // namespace hdrp
