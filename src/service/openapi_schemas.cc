#include "service/openapi_schemas.h"

#include <array>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "base/file_format.h"
#include "base/formatted.h"
#include "service/http/refusal.h"

namespace hdrp {
namespace {

using Json = nlohmann::ordered_json;

[[nodiscard]] Json Of(std::string_view type, std::string_view description) {
  Json schema{{"type", type}};
  if (!description.empty()) schema["description"] = description;
  return schema;
}
[[nodiscard]] Json Text(std::string_view description = "") { return Of("string", description); }
[[nodiscard]] Json Number(std::string_view description = "") { return Of("number", description); }
[[nodiscard]] Json Whole(std::string_view description = "") { return Of("integer", description); }
[[nodiscard]] Json Truth(std::string_view description = "") { return Of("boolean", description); }

[[nodiscard]] Json List(Json items, std::string_view description = "") {
  Json schema = Of("array", description);
  schema["items"] = std::move(items);
  return schema;
}

template <typename Words>
[[nodiscard]] Json OneOf(const Words& words, std::string_view description = "") {
  Json schema = Of("string", description);
  schema["enum"] = words;
  return schema;
}

/// By name: each with a value of this kind.
[[nodiscard]] Json Named(Json values, std::string_view description) {
  Json schema = Of("object", description);
  schema["additionalProperties"] = std::move(values);
  return schema;
}

[[nodiscard]] Json OrNull(Json schema) {
  const std::string description = schema.value("description", "");
  schema.erase("description");
  Json either{{"anyOf", Json::array({std::move(schema), {{"type", "null"}}})}};
  if (!description.empty()) either["description"] = description;
  return either;
}

struct Property {
  const char* name;
  Json schema;
  bool required = true;
};
constexpr bool kMayLack = false;

/// Later versions may add properties.
[[nodiscard]] Json Object(std::initializer_list<Property> properties,
                          std::string_view description = "") {
  Json schema = Of("object", description);
  Json required = Json::array(), all = Json::object();
  for (const Property& property : properties) {
    if (property.required) required.push_back(property.name);
    all[property.name] = property.schema;
  }
  schema["required"] = std::move(required);
  schema["properties"] = std::move(all);
  return schema;
}

[[nodiscard]] Json Reference(std::string_view schema) {
  return {{"$ref", Formatted("#/components/schemas/{}", schema)}};
}

[[nodiscard]] Json ResultSchema() {
  const auto link = [](std::string_view what) { return Text(Formatted("address of {}", what)); };
  Json id = Text("under which the result is kept until it expires");
  id["pattern"] = "^[0-9a-f]{32}$";
  return Object(
      {{"id", std::move(id)},
       {"result",
        Object({{"hdr", link("the HDR file")},
                {"preview", link("the same picture without a gain map, a JPEG")},
                {"gainmap", link("the gain map's samples, a PNG")},
                {"meta", link("the report")},
                {"overlay", link("edit and original on each other, where they were compared"),
                 kMayLack},
                {"agreement", link("where the original's gain is kept, where they were compared"),
                 kMayLack}})},
       {"report", Reference("Report")},
       {"readers", Reference("Readers")},
       {"timings_ms", Named(Number(), "milliseconds of each stage, the queue's among them")}});
}

[[nodiscard]] Json NumbersSchema() {
  const auto each = [](std::string_view what) {
    return List(Number(), Formatted("{}; one number, or one for each colour", what));
  };
  return Object(
      {{"source", Text("iso, xmp, apple or derived; of a predicted map nothing"), kMayLack},
       {"gain_map_min", each("stops of the lowest sample")},
       {"gain_map_max", each("stops of the highest sample")},
       {"gamma", each("of the samples")},
       {"base_offset", each("added to the SDR light")},
       {"alternate_offset", each("added to the HDR light")},
       {"base_hdr_headroom", Number("stops of headroom up to which the SDR is shown")},
       {"alternate_hdr_headroom", Number("from which all of the HDR is")},
       {"use_base_color_space", Truth("the gains are in the SDR picture's primaries")}},
      "the numbers of the gain map, ISO 21496-1");
}

[[nodiscard]] Json VerificationSchema() {
  return Object(
      {{"passed", Truth("no check failed")},
       {"checks", List(Object({{"id", Text()},
                               {"result", OneOf(std::initializer_list<const char*>{
                                              "passed", "failed", "warning", "not_run"})},
                               {"sentence", Text("what was found"), kMayLack}}))},
       {"not_verified_by_libultrahdr", List(Text(), "why it could not look at the file")}},
      "what was read back from the file");
}

[[nodiscard]] Json BaseSchema() {
  return Object({{"width", Whole()},
                 {"height", Whole()},
                 {"orientation", Whole("of EXIF, 1 to 8")},
                 {"icc", Text("name of its profile"), kMayLack},
                 {"steps", List(Text(), "what was done to make a JPEG of it")}},
                "the edit");
}

[[nodiscard]] Json MapSchema() {
  return Object({{"width", Whole()},
                 {"height", Whole()},
                 {"components", Whole("1, or 3 where it is coloured")},
                 {"copied", Truth("the original's own stream is in the file, unchanged")},
                 {"steps", List(Text(), "what was done to it otherwise")}},
                "as it is in the file");
}

[[nodiscard]] Json AlignmentSchema() {
  return Object(
      {{"to_reference", List(Number(), "3 x 3, from the edit to the original, both 0..1")},
       {"radial", Number("of a lens correction")},
       {"inliers", Whole("places that were matched")},
       {"residual", Number("share of the original's diagonal by which they miss")},
       {"overlap", Number("share of the edit that lies in the original")},
       {"agreement", Number("of their structure, 0..1")}},
      "only where the edit has another framing");
}

[[nodiscard]] Json DerivedSchema() {
  return Object({{"anchor_stops", Number("added to the HDR rendition")},
                 {"non_finite_pixels", Whole()},
                 {"judged_pixels", Whole()},
                 {"mean_error_stops", Number()},
                 {"p99_error_stops", Number()},
                 {"max_error_stops", Number()},
                 {"outside_range", Number("share of gains that the range clips")},
                 {"peak_error_stops", Number()}},
                "how close the result comes to an HDR rendition, where it was made of one");
}

[[nodiscard]] Json ReportSchema() {
  using Words = std::initializer_list<const char*>;
  const Json input = Object({{"role", Text("base, reference or mask")},
                             {"name", Text()},
                             {"bytes", Whole()},
                             {"sha256", Text()}});
  const Json model = Object({{"sha256", Text()}, {"width", Whole()}, {"height", Whole()}});
  const Json guard = Object({{"guard", Text()},
                             {"strength", Number()},
                             {"mean_change_stops", Number()},
                             {"max_change_stops", Number()}});
  const Json edited = Object({{"share", Number("of the edit, 0..1")}, {"fill", Text()}},
                             "only where the edit shows something else in places");
  return Object(
      {{"schema", OneOf(Words{"hdr-process/meta/1"})},
       {"mode", OneOf(Words{"reference", "predict"}, "where the gain map comes from")},
       {"predictor", Text("what predicted, where that was done"), kMayLack},
       {"style", Text("of the prediction"), kMayLack},
       {"model", model, kMayLack},
       {"exporter", Text()},
       {"format", OneOf(kWordsWritten<Writes::kGainMap>, "of the HDR file")},
       {"inputs", List(input)},
       {"base", BaseSchema()},
       {"gain_map", MapSchema()},
       {"guards", List(guard, "of a predicted map, those that were on"), kMayLack},
       {"agreement", OrNull(Number("structure of edit and original; null: not compared"))},
       {"alignment", AlignmentSchema(), kMayLack},
       {"edited", edited, kMayLack},
       {"derived", DerivedSchema(), kMayLack},
       {"metadata", Reference("GainMapNumbers")},
       {"verification", Reference("Verification")},
       {"warnings", List(Text(), "what users have to hear")}},
      "what was done, with which numbers");
}

[[nodiscard]] Json ReadersSchema() {
  return Named(Object({{"hdr", OrNull(Truth("null: unknown"))}, {"why", Text()}}),
               "by program: whether it shows the file as HDR");
}

[[nodiscard]] Json InspectionSchema() {
  const Json map = Object({{"width", Whole()},
                           {"height", Whole()},
                           {"components", Whole()},
                           {"neutral", Truth("its colours are all alike")}},
                          "null: it holds none that can be read");
  const Json refusal = Object({{"id", Text("the error's code")},
                               {"message", Text()},
                               {"where", Text()},
                               {"details", List(Text())}},
                              "why POST /process would refuse the file as ref; null: it would not");
  return Object({{"format", Text()},
                 {"width", Whole()},
                 {"height", Whole()},
                 {"orientation", Whole("of EXIF, 1 to 8")},
                 {"icc", Text("name of its profile")},
                 {"gain_map", OrNull(map)},
                 {"hdr_rendition",
                  OrNull(Object({{"transfer", Text("pq, hlg, linear or icc")}, {"bits", Whole()}},
                                "null: the picture itself is none"))},
                 {"metadata", OrNull(Reference("GainMapNumbers"))},
                 {"claims", List(Text(), "gain maps that it announces and does not hold")},
                 {"problems", List(Text())},
                 {"readers", Reference("Readers")},
                 {"refusal", OrNull(refusal)},
                 {"verification", Reference("Verification")}},
                "what a file holds");
}

[[nodiscard]] Json ErrorSchema() {
  Json codes = Json::array();
  for (const ErrorKind& kind : kErrorKinds) codes.push_back(kind.id);
  for (const ServiceErrorKind& kind : kServiceErrorKinds) codes.push_back(kind.id);
  return Object(
      {{"code", OneOf(codes)},
       {"message", Text("what was expected and what was found")},
       {"where", Text("the place of it: in a file, or the field or header itself; of busy, what "
                      "is full: queue, connections or a file's field, or stopping")},
       {"stage", Text("of a timeout: what was being done"), kMayLack},
       {"detail",
        List(Object({{"loc", List(Text(), "body and a field, query or header and a name")},
                     {"msg", Text()},
                     {"type", Text()},
                     {"ctx",
                      Named(Text(),
                            "the field of loc, and what of it can be chosen otherwise: a "
                            "guard that took the gain, which guard=NAME=off would leave"),
                      kMayLack}}),
             "each fault; what the client can mend names its place")},
       {"request_id", Text("as in the server's log")}},
      "every answer that is none");
}

}  // namespace

Json OpenApiSchemas() {
  Json schemas;
  schemas["Result"] = ResultSchema();
  schemas["Report"] = ReportSchema();
  schemas["GainMapNumbers"] = NumbersSchema();
  schemas["Verification"] = VerificationSchema();
  schemas["Readers"] = ReadersSchema();
  schemas["Inspection"] = InspectionSchema();
  schemas["Status"] = Object({{"status", Text("ok or stopping; ready, busy or stopping")},
                              {"workers", Whole(), kMayLack},
                              {"busy", Whole("of them"), kMayLack},
                              {"queued", Whole("jobs that wait"), kMayLack}});
  schemas["Progress"] =
      Object({{"state", OneOf(std::array{"uploading", "waiting", "running"})},
              {"received_bytes", Whole("of the body, while it comes"), kMayLack},
              {"ahead", Whole("jobs that are expected to begin before it"), kMayLack},
              {"stage", Text("what is being done"), kMayLack},
              {"share", Number("of the stages that is done, 0 to 1"), kMayLack}});
  schemas["Error"] = ErrorSchema();
  return schemas;
}

}  // namespace hdrp
