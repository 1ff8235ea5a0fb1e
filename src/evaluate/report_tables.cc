#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/formatted.h"
#include "evaluate/report.h"
#include "evaluate/summary.h"

namespace hdrp {
namespace {

[[nodiscard]] std::string NameIn(const Evaluation& evaluation, Predictor predictor) {
  if (predictor != Predictor::kChosen) return std::string(NameOf(predictor));
  return Formatted("chosen ({})", evaluation.chosen);
}

[[nodiscard]] std::string Counted(std::size_t count, std::string_view noun) {
  return Formatted("{} {}{}", count, noun, count == 1 ? "" : "s");
}

[[nodiscard]] std::string Cell(const std::optional<double>& value, int decimals) {
  return value ? Formatted(" {:.{}f} |", *value, decimals) : " - |";
}

[[nodiscard]] std::string MetricCell(const Scores& scores, const MetricText& metric) {
  return Cell(scores[metric.metric], metric.decimals);
}

/// A row of names, and the rule under it.
[[nodiscard]] std::string Heading(const std::vector<std::string>& names) {
  std::string out = "|";
  std::string rule = "|";
  for (const std::string& name : names) {
    out += Formatted(" {} |", name);
    rule += "---|";
  }
  return out + "\n" + rule + "\n";
}

void AddMeans(const Summary& summary, const Evaluation& evaluation, std::string& out) {
  std::vector<std::string> names = {"predictor"};
  for (const MetricText& metric : kMetrics) names.emplace_back(metric.heading);
  out += Heading(names);
  for (const SummaryRow& row : summary.rows) {
    out += Formatted("| {} |", NameIn(evaluation, row.predictor));
    for (const MetricText& metric : kMetrics) out += MetricCell(row.means, metric);
    out += "\n";
  }
}

/// Of a stratum: how large the error is, which kind of error it is, and whether what shines is
/// found.
constexpr std::array kStratumMetrics = {Metric::kError, Metric::kLevelError, Metric::kShapeError,
                                        Metric::kHighlightRecall};

constexpr std::string_view kDifference = "MAE - bright's (95 %)";
constexpr std::string_view kBySource = "95 % by source";
constexpr std::string_view kWorst = "worst picture";

[[nodiscard]] std::string IntervalCells(const PairedDifference& d) {
  return Formatted(" {:+.4f} ({:+.4f} .. {:+.4f}) |", d.mean, d.by_picture.low, d.by_picture.high) +
         (d.by_source ? Formatted(" {:+.4f} .. {:+.4f} |", d.by_source->low, d.by_source->high)
                      : " - |");
}

[[nodiscard]] std::string WorstCell(const AgainstBright& against) {
  return Formatted(" {:+.3f} {} |", against.worst_stops, against.worst->name);
}

void AddSources(const Summary& summary, const Evaluation& evaluation, std::string& out) {
  out += Formatted("\nBy source ({}) and against bright:\n\n", Counted(summary.sources, "source"));
  out += Heading({"predictor", "mean of the sources' MAE", std::string(kDifference),
                  std::string(kBySource), "wins : losses", std::string(kWorst)});
  for (const SummaryRow& row : summary.rows) {
    out += Formatted("| {} | {:.3f} |", NameIn(evaluation, row.predictor),
                     row.source_mean_error_stops);
    if (const auto& against = row.against_bright) {
      out += IntervalCells(against->difference);
      out += Formatted(" {} : {} |", against->difference.wins, against->difference.losses);
      out += WorstCell(*against) + "\n";
    } else {
      out += " - | - | - | - |\n";
    }
  }
}

void AddStrata(const WriterSummary& group, const Evaluation& evaluation, std::string& out) {
  out += "\nBy the target's structure (top less p50):\n\n";
  std::vector<std::string> names = {"structure", "pictures (sources)", "predictor"};
  for (const MetricText& metric : kMetrics) {
    if (std::ranges::contains(kStratumMetrics, metric.metric)) names.emplace_back(metric.heading);
  }
  for (const std::string_view name : {kDifference, kBySource, kWorst}) names.emplace_back(name);
  out += Heading(names);
  for (const auto& [structure, summary] : group.strata) {
    for (const SummaryRow& row : summary.rows) {
      out += Formatted("| {} | {} ({}) | {} |", NameOf(structure), summary.files.size(),
                       summary.sources, NameIn(evaluation, row.predictor));
      for (const MetricText& metric : kMetrics) {
        if (std::ranges::contains(kStratumMetrics, metric.metric))
          out += MetricCell(row.means, metric);
      }
      out += row.against_bright ? IntervalCells(row.against_bright->difference) +
                                      WorstCell(*row.against_bright) + "\n"
                                : " - | - | - |\n";
    }
  }
}

void AddPictures(const Summary& summary, const Evaluation& evaluation, std::string& out) {
  std::vector<std::string> names = {"picture", "target mean", "p50", "top"};
  for (const Predictor predictor : evaluation.predictors) names.emplace_back(NameOf(predictor));
  out += "\n" + Heading(names);
  for (const JudgedFile* file : summary.files) {
    out += Formatted("| {}{} | {:.2f} | {:.2f} | {:.2f} |", file->name,
                     file->flat_map ? " (flat)" : "", file->target_mean_stops,
                     file->target_p50_stops, file->target_top_stops);
    for (const Scores& scores : file->scores) out += Cell(scores[Metric::kError], 3);
    out += "\n";
  }
}

}  // namespace

std::string EvaluationTables(const Evaluation& evaluation) {
  std::string out;
  for (const WriterSummary& group : SummariesOf(evaluation)) {
    const Summary& all = group.all;
    out += Formatted("{}## {}: {}, {} of them with a nearly flat map\n\n", out.empty() ? "" : "\n",
                     NameOf(group.group), Counted(all.files.size(), "picture"),
                     std::ranges::count_if(all.files, &JudgedFile::flat_map));
    AddMeans(all, evaluation, out);
    AddSources(all, evaluation, out);
    AddStrata(group, evaluation, out);
    AddPictures(all, evaluation, out);
  }
  return out;
}

}  // namespace hdrp
