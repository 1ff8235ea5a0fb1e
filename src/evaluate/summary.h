// What an evaluation says of each predictor: over all pictures of a group of writers, and over
// those whose targets have about the same structure.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "evaluate/evaluate.h"
#include "evaluate/statistics.h"
#include "evaluate/structure.h"

namespace hdrp {

/// A predictor's error less that of `bright` on the same pictures.
struct AgainstBright {
  PairedDifference difference;
  const JudgedFile* worst = nullptr;  ///< the picture on which it is largest
  double worst_stops = 0;
};

/// One predictor on some pictures.
struct SummaryRow {
  Predictor predictor = Predictor::kBright;
  Scores means;  ///< over the pictures that have a value
  /// Mean of the sources' mean errors: a source with many pictures counts like one with few.
  double source_mean_error_stops = 0;
  std::optional<AgainstBright> against_bright;  ///< none for `bright`, and where it was not judged
};

struct Summary {
  std::vector<const JudgedFile*> files;  ///< borrowed from the evaluation; at least one
  std::size_t sources = 0;               ///< different ones among the files
  std::vector<SummaryRow> rows;          ///< in the order of the predictors
};

struct Stratum {
  Structure structure = Structure::kPlain;
  Summary summary;
};

struct WriterSummary {
  WriterGroup group = WriterGroup::kPhone;
  Summary all;
  std::vector<Stratum> strata;  ///< those that have pictures
};

/// For each group of writers that has pictures: their targets differ, so they are never pooled.
/// Borrows `evaluation`.
[[nodiscard]] std::vector<WriterSummary> SummariesOf(const Evaluation& evaluation);

}  // namespace hdrp
