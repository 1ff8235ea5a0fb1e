#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "evaluate/report.h"
#include "evaluate/summary.h"

namespace hdrp {
namespace {

using Json = nlohmann::ordered_json;

[[nodiscard]] Json ScoresJson(const Scores& scores) {
  Json json;
  for (const MetricText& metric : kMetrics) {
    const std::optional<double>& value = scores[metric.metric];
    json[std::string(metric.id)] = value ? Json(*value) : Json(nullptr);
  }
  return json;
}

[[nodiscard]] Json AgainstBrightJson(const AgainstBright& against) {
  const PairedDifference& d = against.difference;
  return {{"mean_stops", d.mean},
          {"low_stops", d.by_picture.low},
          {"high_stops", d.by_picture.high},
          {"source_low_stops", d.by_source ? Json(d.by_source->low) : Json(nullptr)},
          {"source_high_stops", d.by_source ? Json(d.by_source->high) : Json(nullptr)},
          {"wins", d.wins},
          {"losses", d.losses},
          {"worst", {{"name", against.worst->name}, {"stops", against.worst_stops}}}};
}

[[nodiscard]] Json RowJson(const SummaryRow& row) {
  Json json{{"predictor", NameOf(row.predictor)},
            {"means", ScoresJson(row.means)},
            {"source_mean_mae_stops", row.source_mean_error_stops}};
  if (row.against_bright) json["difference_to_bright"] = AgainstBrightJson(*row.against_bright);
  return json;
}

/// Adds what a summary says to what tells which one it is.
[[nodiscard]] Json SummaryJson(Json json, const Summary& summary) {
  json["pictures"] = summary.files.size();
  json["sources"] = summary.sources;
  Json& rows = json["predictors"] = Json::array();
  for (const SummaryRow& row : summary.rows) rows.push_back(RowJson(row));
  return json;
}

[[nodiscard]] Json GroupJson(const WriterSummary& group) {
  Json json = SummaryJson({{"group", NameOf(group.group)}}, group.all);
  Json& strata = json["strata"] = Json::array();
  for (const auto& [structure, summary] : group.strata) {
    strata.push_back(SummaryJson({{"structure", NameOf(structure)}}, summary));
  }
  return json;
}

[[nodiscard]] Json FileJson(const JudgedFile& file, const std::vector<Predictor>& predictors) {
  Json json{{"name", file.name},
            {"group", NameOf(file.group)},
            {"source", file.source},
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

std::string EvaluationJson(const Evaluation& evaluation) {
  Json json;
  json["schema"] = "hdr-process/evaluation/1";
  json["chosen"] = evaluation.chosen.empty() ? Json(nullptr) : Json(evaluation.chosen);
  Json& groups = json["groups"] = Json::array();
  for (const WriterSummary& group : SummariesOf(evaluation)) groups.push_back(GroupJson(group));
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
