#include "evaluate/report.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <ranges>
#include <vector>

#include "base/formatted.h"
#include "evaluate/statistics.h"

namespace hdrp {
namespace {

using Json = nlohmann::ordered_json;

struct Row {  ///< one predictor on one group
  Predictor predictor;
  Scores means;  ///< over the pictures that have a value
  std::optional<PairedDifference> to_bright;
};

struct Group {
  WriterGroup group;
  std::vector<const JudgedFile*> files;
  std::vector<Row> rows;
};

[[nodiscard]] Scores MeansOf(const std::vector<const JudgedFile*>& files, std::size_t predictor) {
  Scores means;
  for (std::size_t m = 0; m < kMetricCount; ++m) {
    double sum = 0;
    int count = 0;
    for (const JudgedFile* file : files) {
      if (const std::optional<double>& value = file->scores[predictor].values[m]) {
        sum += *value;
        ++count;
      }
    }
    if (count > 0) means.values[m] = sum / count;
  }
  return means;
}

[[nodiscard]] Group Summed(const Evaluation& evaluation, WriterGroup group) {
  Group result{group, {}, {}};
  for (const JudgedFile& file : evaluation.files) {
    if (file.group == group) result.files.push_back(&file);
  }
  if (result.files.empty()) return result;
  const auto bright = std::ranges::find(evaluation.predictors, Predictor::kBright);
  const auto bright_at = static_cast<std::size_t>(bright - evaluation.predictors.begin());
  for (std::size_t p = 0; p < evaluation.predictors.size(); ++p) {
    Row row{evaluation.predictors[p], MeansOf(result.files, p), std::nullopt};
    if (bright != evaluation.predictors.end() && p != bright_at) {
      std::vector<double> differences;
      for (const JudgedFile* file : result.files) {
        differences.push_back(file->scores[p][Metric::kError].value_or(0) -
                              file->scores[bright_at][Metric::kError].value_or(0));
      }
      row.to_bright = PairedDifferenceOf(differences);
    }
    result.rows.push_back(row);
  }
  return result;
}

[[nodiscard]] std::vector<Group> GroupsOf(const Evaluation& evaluation) {
  std::vector<Group> groups;
  for (const WriterGroup group : {WriterGroup::kPhone, WriterGroup::kAcr}) {
    Group summed = Summed(evaluation, group);
    if (!summed.files.empty()) groups.push_back(std::move(summed));
  }
  return groups;
}

[[nodiscard]] std::string NameIn(const Evaluation& evaluation, Predictor predictor) {
  if (predictor != Predictor::kChosen) return std::string(NameOf(predictor));
  return Formatted("chosen ({})", evaluation.chosen);
}

[[nodiscard]] std::string Cell(const std::optional<double>& value, int decimals) {
  return value ? Formatted(" {:.{}f} |", *value, decimals) : " - |";
}

void AddMeans(const Group& group, const Evaluation& evaluation, std::string& out) {
  out += "| predictor |";
  for (const MetricText& metric : kMetrics) out += Formatted(" {} |", metric.heading);
  out += " MAE - bright's (95 %) | wins : losses |\n|---|";
  for (std::size_t m = 0; m < kMetricCount + 2; ++m) out += "---|";
  out += "\n";
  for (const Row& row : group.rows) {
    out += Formatted("| {} |", NameIn(evaluation, row.predictor));
    for (const MetricText& metric : kMetrics)
      out += Cell(row.means[metric.metric], metric.decimals);
    if (row.to_bright) {
      const PairedDifference& d = *row.to_bright;
      out += Formatted(" {:+.4f} ({:+.4f} .. {:+.4f}) | {} : {} |\n", d.mean, d.low, d.high, d.wins,
                       d.losses);
    } else {
      out += " - | - |\n";
    }
  }
}

void AddPictures(const Group& group, const Evaluation& evaluation, std::string& out) {
  out += "\n| picture | target mean | p50 | top |";
  for (const Predictor predictor : evaluation.predictors) {
    out += Formatted(" {} |", NameOf(predictor));
  }
  out += "\n|---|---|---|---|";
  for (std::size_t p = 0; p < evaluation.predictors.size(); ++p) out += "---|";
  out += "\n";
  for (const JudgedFile* file : group.files) {
    out += Formatted("| {}{} | {:.2f} | {:.2f} | {:.2f} |", file->name,
                     file->flat_map ? " (flat)" : "", file->target_mean_stops,
                     file->target_p50_stops, file->target_top_stops);
    for (const Scores& scores : file->scores) out += Cell(scores[Metric::kError], 3);
    out += "\n";
  }
}

[[nodiscard]] Json ScoresJson(const Scores& scores) {
  Json json;
  for (const MetricText& metric : kMetrics) {
    const std::optional<double>& value = scores[metric.metric];
    json[std::string(metric.id)] = value ? Json(*value) : Json(nullptr);
  }
  return json;
}

[[nodiscard]] Json RowJson(const Row& row) {
  Json json{{"predictor", NameOf(row.predictor)}, {"means", ScoresJson(row.means)}};
  if (row.to_bright) {
    json["difference_to_bright"] = {{"mean_stops", row.to_bright->mean},
                                    {"low_stops", row.to_bright->low},
                                    {"high_stops", row.to_bright->high},
                                    {"wins", row.to_bright->wins},
                                    {"losses", row.to_bright->losses}};
  }
  return json;
}

[[nodiscard]] Json FileJson(const JudgedFile& file, const std::vector<Predictor>& predictors) {
  Json json{{"name", file.name},
            {"group", NameOf(file.group)},
            {"target_mean_stops", file.target_mean_stops},
            {"target_p50_stops", file.target_p50_stops},
            {"target_top_stops", file.target_top_stops},
            {"flat_map", file.flat_map}};
  Json& scores = json["scores"] = Json::object();
  for (std::size_t p = 0; p < predictors.size(); ++p) {
    scores[std::string(NameOf(predictors[p]))] = ScoresJson(file.scores[p]);
  }
  return json;
}

}  // namespace

std::string EvaluationTables(const Evaluation& evaluation) {
  std::string out;
  for (const Group& group : GroupsOf(evaluation)) {
    const auto flat = std::ranges::count_if(group.files, &JudgedFile::flat_map);
    out += Formatted("{}## {}: {} picture{}, {} of them with a nearly flat map\n\n",
                     out.empty() ? "" : "\n", NameOf(group.group), group.files.size(),
                     group.files.size() == 1 ? "" : "s", flat);
    AddMeans(group, evaluation, out);
    AddPictures(group, evaluation, out);
  }
  return out;
}

std::string EvaluationJson(const Evaluation& evaluation) {
  Json json;
  json["schema"] = "hdr-process/evaluation/1";
  json["chosen"] = evaluation.chosen.empty() ? Json(nullptr) : Json(evaluation.chosen);
  Json& groups = json["groups"] = Json::array();
  for (const Group& group : GroupsOf(evaluation)) {
    Json rows = Json::array();
    for (const Row& row : group.rows) rows.push_back(RowJson(row));
    groups.push_back({{"group", NameOf(group.group)},
                      {"pictures", group.files.size()},
                      {"predictors", std::move(rows)}});
  }
  Json& pictures = json["pictures"] = Json::array();
  for (const JudgedFile& file : evaluation.files) {
    pictures.push_back(FileJson(file, evaluation.predictors));
  }
  Json& skipped = json["skipped"] = Json::array();
  for (const SkippedFile& file : evaluation.skipped) {
    skipped.push_back(
        {{"name", file.name}, {"id", KindOf(file.error.code).id}, {"message", file.error.message}});
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace hdrp
