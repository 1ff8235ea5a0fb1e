#include "pipeline/json.h"

#include <array>
#include <nlohmann/json.hpp>

namespace hdrp {
namespace {

/// Keys keep the order they are written in: a document reads top-down and is deterministic.
using Json = nlohmann::ordered_json;

[[nodiscard]] std::string Text(const Json& json) {
  // Foreign strings (ICC names, XMP texts) may hold broken UTF-8: replaced rather than thrown at.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

[[nodiscard]] Json PerChannel(const std::array<double, 3>& values, bool single) {
  if (single) return Json::array({values[0]});
  return Json(values);
}

[[nodiscard]] Json MetadataJson(std::string_view source, const GainMapMetadata& m) {
  const bool single = m.IsSingleChannel();
  Json json;
  if (!source.empty()) json["source"] = source;
  json["gain_map_min"] = PerChannel(m.gain_map_min, single);
  json["gain_map_max"] = PerChannel(m.gain_map_max, single);
  json["gamma"] = PerChannel(m.gamma, single);
  json["base_offset"] = PerChannel(m.base_offset, single);
  json["alternate_offset"] = PerChannel(m.alternate_offset, single);
  json["base_hdr_headroom"] = m.base_hdr_headroom;
  json["alternate_hdr_headroom"] = m.alternate_hdr_headroom;
  json["use_base_color_space"] = m.use_base_color_space;
  return json;
}

[[nodiscard]] std::string_view NameOf(CheckResult result) {
  switch (result) {
    case CheckResult::kPassed:
      return "passed";
    case CheckResult::kFailed:
      return "failed";
    case CheckResult::kWarning:
      return "warning";
    case CheckResult::kNotRun:
      return "not_run";
  }
  std::unreachable();
}

[[nodiscard]] Json VerificationJson(const Verification& verification) {
  Json json;
  json["passed"] = verification.passed();
  Json& checks = json["checks"] = Json::array();
  for (const Check& check : verification.checks) {
    Json row{{"id", check.id}, {"result", NameOf(check.result)}};
    if (!check.sentence.empty()) row["sentence"] = check.sentence;
    checks.push_back(std::move(row));
  }
  json["not_verified_by_libultrahdr"] = verification.not_verified_by_libultrahdr;
  return json;
}

[[nodiscard]] Json ReportJson(const Report& report) {
  Json json;
  json["schema"] = "hdr-process/meta/1";
  json["mode"] = report.mode;
  if (const auto& by = report.predicted) {
    json["predictor"] = by->predictor;
    if (!by->style.empty()) json["style"] = by->style;
    if (by->model) {
      json["model"] = {{"sha256", by->model->sha256},
                       {"width", by->model->width},
                       {"height", by->model->height}};
    }
  }
  json["exporter"] = report.exporter;
  json["format"] = WordOf(report.format);
  Json& inputs = json["inputs"] = Json::array();
  for (const InputSummary& input : report.inputs) {
    inputs.push_back({{"role", input.role},
                      {"name", input.name},
                      {"bytes", input.bytes},
                      {"sha256", input.sha256}});
  }
  json["base"] = {{"width", report.width},
                  {"height", report.height},
                  {"orientation", report.orientation},
                  {"icc", report.icc},
                  {"steps", report.base_steps}};
  json["gain_map"] = {{"width", report.map_width},
                      {"height", report.map_height},
                      {"components", report.map_components},
                      {"copied", report.map_copied},
                      {"steps", report.map_steps}};
  if (report.predicted) {
    Json& guards = json["guards"] = Json::array();
    for (const GuardEffect& effect : report.predicted->guards) {
      guards.push_back({{"guard", NameOf(effect.guard)},
                        {"strength", effect.strength},
                        {"mean_change_stops", effect.mean_change_stops},
                        {"max_change_stops", effect.max_change_stops}});
    }
  }
  json["agreement"] = report.agreement ? Json(*report.agreement) : Json(nullptr);
  if (report.alignment) {
    const Registration& a = *report.alignment;
    json["alignment"] = {{"to_reference", a.to_reference.projective},
                         {"radial", a.to_reference.radial},
                         {"inliers", a.inliers},
                         {"residual", a.residual},
                         {"overlap", a.overlap},
                         {"agreement", a.agreement}};
  }
  if (report.edited) {
    json["edited"] = {{"share", report.edited->share},
                      {"fill", report.edited->fill == Fill::kPredict ? "predict" : "neutral"}};
  }
  if (report.derived) {
    const GainError& fidelity = report.derived->fidelity;
    json["derived"] = {{"anchor_stops", report.derived->anchor_stops.value_or(0)},
                       {"non_finite_pixels", report.derived->non_finite_pixels},
                       {"judged_pixels", fidelity.pixels},
                       {"mean_error_stops", fidelity.mean_stops},
                       {"p99_error_stops", fidelity.p99_stops},
                       {"max_error_stops", fidelity.max_stops},
                       {"outside_range", fidelity.outside_share},
                       {"peak_error_stops", fidelity.peak_kept_stops}};
  }
  json["metadata"] = MetadataJson(report.source, report.metadata);
  json["verification"] = VerificationJson(report.verification);
  json["warnings"] = report.warnings;
  return json;
}

[[nodiscard]] Json FileMap(const std::vector<DeliveredFile>& files) {
  Json json = Json::object();
  for (const DeliveredFile& file : files) json[std::string(file.role)] = file.path;
  return json;
}

[[nodiscard]] Json ReadersObject(const std::vector<ReaderVerdict>& readers) {
  Json json = Json::object();
  for (const ReaderVerdict& reader : readers) {
    json[std::string(reader.reader)] = {{"hdr", reader.hdr ? Json(*reader.hdr) : Json(nullptr)},
                                        {"why", reader.why}};
  }
  return json;
}

[[nodiscard]] Json ErrorObject(const Error& error) {
  return {{"id", KindOf(error.code).id},
          {"message", error.message},
          {"where", error.where},
          {"details", SentencesOf(error)}};
}

}  // namespace

std::string MetaJson(const Report& report) { return Text(ReportJson(report)); }

std::string InspectJson(const Inspection& inspection) {
  Json json;
  json["format"] = inspection.format;
  json["width"] = inspection.width;
  json["height"] = inspection.height;
  json["orientation"] = inspection.orientation;
  json["icc"] = inspection.icc;
  json["gain_map"] = nullptr;
  if (inspection.gain_map) {
    json["gain_map"] = {{"width", inspection.gain_map->width},
                        {"height", inspection.gain_map->height},
                        {"components", inspection.gain_map->components},
                        {"neutral", inspection.gain_map->neutral}};
  }
  json["hdr_rendition"] = nullptr;
  if (inspection.hdr_rendition) {
    json["hdr_rendition"] = {{"transfer", inspection.hdr_rendition->transfer},
                             {"bits", inspection.hdr_rendition->bits}};
  }
  json["metadata"] =
      inspection.metadata ? MetadataJson(inspection.source, *inspection.metadata) : Json(nullptr);
  json["claims"] = inspection.claims;
  json["problems"] = inspection.problems;
  json["readers"] = ReadersObject(inspection.readers);
  json["refusal"] = inspection.refusal ? ErrorObject(*inspection.refusal) : Json(nullptr);
  json["verification"] = VerificationJson(inspection.verification);
  return Text(json);
}

std::string ReadersJson(const std::vector<ReaderVerdict>& readers) {
  return Text(ReadersObject(readers));
}

std::string ExtractedMetadataJson(std::string_view source, const GainMapMetadata& metadata) {
  return Text({{"schema", "hdr-process/gain-map/1"}, {"metadata", MetadataJson(source, metadata)}});
}

std::string ResultJson(const std::vector<DeliveredFile>& files, const Report& report,
                       const std::vector<StageTime>& timings) {
  Json json;
  json["files"] = FileMap(files);
  json["report"] = ReportJson(report);
  Json& times = json["timings_ms"] = Json::object();
  for (const StageTime& time : timings) times[std::string(time.stage)] = time.milliseconds;
  return Text(json);
}

std::string FilesJson(const std::vector<DeliveredFile>& files) {
  return Text({{"files", FileMap(files)}});
}

std::string ErrorJson(const Error& error) { return Text({{"error", ErrorObject(error)}}); }

}  // namespace hdrp
