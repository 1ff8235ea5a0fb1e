// An evaluation as tables for people and as JSON.
#pragma once

#include <string>

#include "evaluate/evaluate.h"

namespace hdrp {

/// Markdown. For each group of writers, which are never pooled: means of every metric by predictor,
/// the paired difference of the error to `bright` with its 95 % interval where `bright` was asked
/// for, and a row for each picture.
[[nodiscard]] std::string EvaluationTables(const Evaluation& evaluation);

/// The same, schema "hdr-process/evaluation/1" (docs/prediction.md).
[[nodiscard]] std::string EvaluationJson(const Evaluation& evaluation);

}  // namespace hdrp
