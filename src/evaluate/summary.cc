#include "evaluate/summary.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "evaluate/mean.h"

namespace hdrp {
namespace {

using Files = std::vector<const JudgedFile*>;

[[nodiscard]] double ErrorOf(const JudgedFile& file, std::size_t predictor) {
  return file.scores[predictor][Metric::kError].value_or(0);
}

[[nodiscard]] Scores MeansOf(const Files& files, std::size_t predictor) {
  Scores means;
  for (std::size_t m = 0; m < kMetricCount; ++m) {
    Mean mean;
    for (const JudgedFile* file : files) {
      if (const auto& value = file->scores[predictor].values[m]) mean.Add(*value);
    }
    means.values[m] = mean.OverAtLeast(1);
  }
  return means;
}

[[nodiscard]] std::map<std::string_view, Mean> ErrorsBySource(const Files& files,
                                                              std::size_t predictor) {
  std::map<std::string_view, Mean> errors;
  for (const JudgedFile* file : files) errors[file->source].Add(ErrorOf(*file, predictor));
  return errors;
}

[[nodiscard]] AgainstBright Compared(const Files& files, std::size_t predictor,
                                     std::size_t bright) {
  AgainstBright result;
  std::vector<Difference> differences;
  for (const JudgedFile* file : files) {
    const double stops = ErrorOf(*file, predictor) - ErrorOf(*file, bright);
    differences.push_back({stops, file->source});
    if (result.worst == nullptr || stops > result.worst_stops) {
      result.worst = file;
      result.worst_stops = stops;
    }
  }
  result.difference = PairedDifferenceOf(differences);
  return result;
}

[[nodiscard]] Summary SummaryOf(Files files, const std::vector<Predictor>& predictors) {
  Summary summary;
  const auto bright = std::ranges::find(predictors, Predictor::kBright);
  const auto bright_at = static_cast<std::size_t>(bright - predictors.begin());
  for (std::size_t p = 0; p < predictors.size(); ++p) {
    SummaryRow row{predictors[p], MeansOf(files, p), 0, std::nullopt};
    Mean of_sources;
    for (const auto& [source, error] : ErrorsBySource(files, p)) of_sources.Add(error.value());
    row.source_mean_error_stops = of_sources.value();
    if (bright != predictors.end() && p != bright_at) {
      row.against_bright = Compared(files, p, bright_at);
    }
    summary.rows.push_back(row);
  }
  summary.sources = ErrorsBySource(files, 0).size();
  summary.files = std::move(files);
  return summary;
}

[[nodiscard]] std::vector<Stratum> StrataOf(const Files& files,
                                            const std::vector<Predictor>& predictors) {
  std::vector<Stratum> strata;
  for (const Structure structure : kStructures) {
    Files inside;
    std::ranges::copy_if(files, std::back_inserter(inside), [&](const JudgedFile* file) {
      return StructureOf(file->target_top_stops - file->target_p50_stops) == structure;
    });
    if (!inside.empty()) strata.push_back({structure, SummaryOf(std::move(inside), predictors)});
  }
  return strata;
}

}  // namespace

std::vector<WriterSummary> SummariesOf(const Evaluation& evaluation) {
  std::vector<WriterSummary> summaries;
  for (const WriterGroup group : {WriterGroup::kPhone, WriterGroup::kAcr}) {
    Files files;
    for (const JudgedFile& file : evaluation.files) {
      if (file.group == group) files.push_back(&file);
    }
    if (files.empty()) continue;
    std::vector<Stratum> strata = StrataOf(files, evaluation.predictors);
    summaries.push_back(
        {group, SummaryOf(std::move(files), evaluation.predictors), std::move(strata)});
  }
  return summaries;
}

}  // namespace hdrp
