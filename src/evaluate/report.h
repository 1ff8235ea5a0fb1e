// An evaluation as tables for people and as JSON.
#pragma once

#include <string>

#include "evaluate/evaluate.h"

namespace hdrp {

/// Markdown. For each group of writers, which are never pooled: means of every metric by predictor;
/// means by source and, where `bright` was asked for, the paired difference of the error to it with
/// its 95 % intervals and its worst picture; the same by the target's structure; a row for each
/// picture.
[[nodiscard]] std::string EvaluationTables(const Evaluation& evaluation);

/// The same, schema "hdr-process/evaluation/1" (docs/formats.md).
[[nodiscard]] std::string EvaluationJson(const Evaluation& evaluation);

}  // namespace hdrp
