// Threads, in one place: a loop over bands of rows. Results never depend on the thread count,
// because a band's work depends on its rows alone and bands have a fixed height.
#pragma once

#include <functional>

#include "base/limits.h"

namespace hdrp {

struct Parallelism {
  int threads = 1;  ///< 0 = one per core
  StopCondition stop;
};

/// What a stage may use, and how it is asked to stop.
struct Resources {
  Limits limits = {};
  Parallelism parallelism = {};
  [[nodiscard]] const StopCondition& stop() const { return parallelism.stop; }
};

/// Calls `body(first_row, end_row)` for consecutive bands of `band_rows` rows of [0, rows), on
/// several threads, each band exactly once. `body` must not throw and may write only its own rows.
/// Ends with `stop`'s error (naming `stage`) when asked to; bands not begun by then are left out.
[[nodiscard]] Expected<void> ForEachRowBand(int rows, int band_rows, const Parallelism& parallelism,
                                            std::string_view stage,
                                            const std::function<void(int, int)>& body);

}  // namespace hdrp
