#include "service/openapi.h"

#include <chrono>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/file_format.h"
#include "base/formatted.h"
#include "base/version.h"
#include "pipeline/fields.h"
#include "service/again.h"
#include "service/http/refusal.h"
#include "service/openapi_schemas.h"

namespace hdrp {
namespace {

using Json = nlohmann::ordered_json;
constexpr std::string_view kJson = "application/json";

[[nodiscard]] Json SchemaOf(const NumberField& number, std::string_view initial) {
  Json schema{{"type", number.whole ? "integer" : "number"},
              {"minimum", number.low},
              {"maximum", number.high}};
  if (!initial.empty()) schema["default"] = std::stod(std::string(initial));
  return schema;
}
[[nodiscard]] Json SchemaOf(const WordField& list, std::string_view initial) {
  Json schema{{"type", "string"}, {"enum", list.words}};
  if (!initial.empty()) schema["default"] = initial;
  return schema;
}
[[nodiscard]] Json SchemaOf(const SwitchField& toggle, std::string_view) {
  return {{"type", "boolean"}, {"default", toggle.initial}};
}
[[nodiscard]] Json SchemaOf(const GuardField&, std::string_view) {
  Json names = Json::array(), guards = Json::array();
  for (const GuardInfo& guard : JobGuards()) {
    names.push_back(guard.name);
    guards.push_back({{"name", guard.name}, {"default", guard.initial}, {"help", guard.help}});
  }
  return {{"type", "array"},
          {"items",
           {{"type", "string"},
            {"examples", {"skin=0.5"}},
            {"x-names", std::move(names)},
            {"x-guards", std::move(guards)}}}};
}

[[nodiscard]] Json FieldSchema(const Field& field) {
  Json schema =
      std::visit([&](const auto& kind) { return SchemaOf(kind, field.initial); }, field.kind);
  schema["description"] = field.automatic.empty() || !field.initial.empty()
                              ? std::string(field.help)
                              : Formatted("{} (default: {})", field.help, field.automatic);
  schema["x-flag"] = FlagOf(field);
  return schema;
}

/// OpenAPI 3.0's word for bytes. 3.1 needs none, but generators of typed clients make a Blob of
/// this one alone (web/tests/service/clients.test.ts).
[[nodiscard]] Json BinarySchema() { return {{"type", "string"}, {"format", "binary"}}; }

[[nodiscard]] Json FileSchema(const FileField& file, std::uint64_t max_bytes) {
  Json schema = BinarySchema();
  schema.update({{"contentMediaType", "application/octet-stream"},
                 {"maxLength", max_bytes},
                 {"description", file.help},
                 {"x-flag", Formatted("--{}", file.name)}});
  return schema;
}

[[nodiscard]] Json Body(Json properties, Json examples) {
  Json schema{{"type", "object"}};
  if (properties.contains("img")) schema["required"] = {"img"};
  schema["additionalProperties"] = false;
  schema["properties"] = std::move(properties);
  return {{"required", true},
          {"content",
           {{"multipart/form-data",
             {{"schema", std::move(schema)}, {"examples", std::move(examples)}}}}}};
}

/// Files by their names: a form shows them so.
[[nodiscard]] Json Example(std::string_view summary, Json value) {
  return {{"summary", summary}, {"value", std::move(value)}};
}

[[nodiscard]] Json Reference(std::string_view schema) {
  return {{"$ref", Formatted("#/components/schemas/{}", schema)}};
}

[[nodiscard]] Json JsonAnswer(std::string_view description, std::string_view schema) {
  return {{"description", description},
          {"content", {{std::string(kJson), {{"schema", Reference(schema)}}}}}};
}

[[nodiscard]] Json Plain(std::string_view description, std::string_view media_type,
                         std::string_view type) {
  return {{"description", description},
          {"content", {{std::string(media_type), {{"schema", {{"type", type}}}}}}}};
}

/// Of what is delivered.
[[nodiscard]] const std::vector<std::string_view>& MediaTypes() {
  static const auto kTypes = [] {
    std::vector<std::string_view> types;
    for (const FileFormat format : kFormatsWritten<Writes::kGainMap>) {
      types.push_back(InfoOf(format).media_type);
    }
    return types;
  }();
  return kTypes;
}

[[nodiscard]] Json Binary(std::string_view description,
                          const std::vector<std::string_view>& types) {
  Json content = Json::object();
  for (const std::string_view type : types) {
    content[std::string(type)] = {{"schema", BinarySchema()}};
  }
  return {{"description", description}, {"content", std::move(content)}};
}

[[nodiscard]] Json ErrorExample() {
  const std::string message = "expected a number from 0.1 to 6, found \"7\"";
  return {{"code", "bad_argument"},
          {"message", message},
          {"where", "boost"},
          {"detail",
           Json::array({{{"loc", {"body", "boost"}}, {"msg", message}, {"type", "bad_argument"}}})},
          {"request_id", "9f86d081884c7d65"}};
}

/// Adds an answer for each status, whose description names the ids that come with it.
void AddErrors(Json& operation, std::initializer_list<int> statuses) {
  for (const int status : statuses) {
    std::string ids;
    const auto add = [&](std::string_view id) { (ids += ids.empty() ? "" : ", ") += id; };
    for (const ErrorKind& kind : kErrorKinds) {
      if (kind.http_status == status) add(kind.id);
    }
    for (const ServiceErrorKind& kind : kServiceErrorKinds) {
      if (kind.http_status == status) add(kind.id);
    }
    Json answer = JsonAnswer(ids, "Error");
    if (status == 422) answer["content"][std::string(kJson)]["example"] = ErrorExample();
    if (status == 503) {
      answer["headers"] = {{"Retry-After", {{"schema", {{"type", "integer"}}}}}};
    }
    operation["responses"][std::to_string(status)] = std::move(answer);
  }
}

[[nodiscard]] Json Operation(std::string_view id, std::string_view summary) {
  return {{"operationId", id}, {"summary", summary}, {"responses", Json::object()}};
}

/// Beside JSON: the HDR file itself.
void AddContainers(Json& answer) {
  for (const std::string_view type : MediaTypes()) {
    answer["content"][std::string(type)] = {{"schema", BinarySchema()}};
  }
}

/// Under which its sender can ask how far it is.
void AddJobName(Json& operation) {
  operation["parameters"] =
      Json::array({{{"name", "Job-Name"},
                    {"in", "header"},
                    {"description",
                     "a name for GET /jobs/{name}: at least 128 random bits in base64url, or 32 "
                     "hexadecimal digits; 409 where a job has it that is not done"},
                    {"schema", {{"type", "string"}, {"pattern", "^[A-Za-z0-9_-]{22,128}$"}}}}});
}

/// The answer of what makes a result.
void AddMade(Json& post) {
  post["description"] =
      "Where Accept prefers image/jpeg, image/heic or image/avif to application/json, the answer "
      "is the file itself, and nothing is kept; image/* is the format that the form names, or "
      "JPEG.";
  AddContainers(post["responses"]["200"] = JsonAnswer("Done, and verified", "Result"));
  AddJobName(post);
}

[[nodiscard]] Json ProcessPath(const ServiceConfig& config) {
  Json properties;
  for (const FileField& file : JobFiles()) {
    properties[std::string(file.name)] =
        FileSchema(file, file.name == "ref" ? config.max_reference_bytes : config.max_image_bytes);
  }
  for (const Field& field : JobFields()) properties[std::string(field.name)] = FieldSchema(field);
  Json post =
      Operation("process", "Put the HDR of an original, or a predicted one, back into an edit");
  post["requestBody"] = Body(
      std::move(properties),
      {{"reference",
        Example("The HDR of an original", {{"img", "edit.jpg"}, {"ref", "original.jpg"}})},
       {"predicted",
        Example("Predicted, with two stops of headroom", {{"img", "edit.jpg"}, {"boost", 2}})}});
  AddMade(post);
  AddErrors(post, {400, 403, 406, 408, 409, 413, 415, 422, 500, 503, 504});
  return {{"post", std::move(post)}};
}

[[nodiscard]] Json InspectPath(const ServiceConfig& config) {
  Json post = Operation("inspect", "What a file holds, and who shows it as HDR");
  post["requestBody"] = Body({{"img", FileSchema(JobFiles()[0], config.max_reference_bytes)}},
                             {{"file", Example("A file", {{"img", "original.jpg"}})}});
  post["responses"]["200"] = JsonAnswer("What was found", "Inspection");
  AddJobName(post);
  AddErrors(post, {400, 403, 408, 409, 413, 415, 422, 500, 503, 504});
  return {{"post", std::move(post)}};
}

[[nodiscard]] Json AgainOperation() {
  Json post = Operation("again", "Another result from a kept one, without another upload");
  Json properties;
  for (const std::string_view name : kFieldsOfAgain) {
    properties[std::string(name)] = FieldSchema(JobField(name));
    // What the form does not name stays as it was.
    properties[std::string(name)].erase("default");
  }
  post["requestBody"] = Body(std::move(properties),
                             {{"boost", Example("With three stops of headroom", {{"boost", 3}})}});
  AddMade(post);
  AddErrors(post, {400, 403, 404, 406, 408, 409, 413, 415, 422, 500, 503, 504});
  return post;
}

[[nodiscard]] Json JobPath() {
  Json get = Operation("progress", "How far a request is that came with a Job-Name");
  get["responses"]["200"] = JsonAnswer("It is not answered yet", "Progress");
  AddErrors(get, {403, 404});
  return {{"parameters", Json::array({{{"name", "name"},
                                       {"in", "path"},
                                       {"required", true},
                                       {"description", "the Job-Name"},
                                       {"schema", {{"type", "string"}}},
                                       {"example", "Zm9vYmFyYmF6cXV4Zm9vYg"}}})},
          {"get", std::move(get)}};
}

[[nodiscard]] Json IdParameter(std::string_view in) {
  return Json::array({{{"name", "id"},
                       {"in", in},
                       {"required", true},
                       {"description", "of the answer to POST /process"},
                       {"schema", {{"type", "string"}, {"pattern", "^[0-9a-f]{32}$"}}},
                       {"example", "00112233445566778899aabbccddeeff"}}});
}

/// What is kept has a tag, and is not sent to whoever has it.
void AddTag(Json& operation) {
  operation["parameters"] = Json::array({{{"name", "If-None-Match"},
                                          {"in", "header"},
                                          {"description", "the ETag of what the client has"},
                                          {"schema", {{"type", "string"}}}}});
  const Json headers{{"ETag", {{"schema", {{"type", "string"}}}}}};
  operation["responses"]["200"]["headers"] = headers;
  operation["responses"]["304"] = {{"description", "The client has it"}, {"headers", headers}};
}

void AddResultPaths(Json& paths) {
  const auto get = [](std::string_view id, std::string_view summary, Json answer) {
    Json operation = Operation(id, summary);
    operation["responses"]["200"] = std::move(answer);
    AddTag(operation);
    AddErrors(operation, {403, 404});
    return operation;
  };
  const auto whole = [&](std::string_view id, std::string_view summary) {
    Json operation = get(id, summary, JsonAnswer("Kept", "Result"));
    operation["description"] =
        "Where Accept prefers the result's own format, or image/*, the HDR file itself.";
    AddContainers(operation["responses"]["200"]);
    AddErrors(operation, {406});
    return operation;
  };
  Json& result = paths["/result/{id}"];
  result["parameters"] = IdParameter("path");
  result["get"] = whole("result", "The answer to POST /process once more");
  Json remove = Operation("discard", "Forget a result");
  remove["responses"]["204"] = {{"description", "Forgotten"}};
  AddErrors(remove, {403, 404});
  result["delete"] = std::move(remove);
  result["post"] = AgainOperation();
  Json& query = paths["/result"];
  query["parameters"] = IdParameter("query");
  query["get"] = whole("resultByQuery", "The same, with the id as a query");
  AddErrors(query["get"], {422});
  const auto part = [&](std::string_view name, std::string_view summary, Json answer) {
    Json& path = paths[Formatted("/result/{{id}}/{}", name)];
    path["parameters"] = IdParameter("path");
    path["get"] = get(Formatted("{}File", name), summary, std::move(answer));
  };
  part("hdr", "The HDR file", Binary("Ultra HDR JPEG, HEIC or AVIF", MediaTypes()));
  part("preview", "The SDR preview", Binary("JPEG without gain map", {"image/jpeg"}));
  part("gainmap", "The gain map's samples", Binary("8-bit PNG, as stored", {"image/png"}));
  const Json png = Binary("8-bit PNG, at most 512 pixels long", {"image/png"});
  part(
      "overlay",
      "The edit in red, what the original shows there in cyan, in the edit's tone: grey where they "
      "coincide; only where they were compared",
      png);
  part("agreement", "White where the original's gain is kept; only where they were compared", png);
  part("meta", "The report", JsonAnswer("What was done, with which numbers", "Report"));
}

void AddOperatorPaths(Json& paths) {
  const auto add = [&](const char* path, std::string_view id, std::string_view summary,
                       Json answer) {
    Json get = Operation(id, summary);
    get["responses"]["200"] = std::move(answer);
    paths[path]["get"] = std::move(get);
  };
  add("/healthz", "health", "Whether the service runs", JsonAnswer("It does", "Status"));
  add("/readyz", "ready", "Whether another small job would be taken",
      JsonAnswer("It would", "Status"));
  paths["/readyz"]["get"]["responses"]["503"] = JsonAnswer("It would not", "Status");
  add("/metrics", "metrics", "Counters for Prometheus",
      Plain("Text exposition format", "text/plain", "string"));
  add("/openapi.json", "openapi", "This document", Plain("OpenAPI 3.1", kJson, "object"));
  for (const char* path : {"/metrics", "/openapi.json"}) AddErrors(paths[path]["get"], {403});
}

[[nodiscard]] std::string Hexadecimal(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) text += Formatted("{:02x}", static_cast<unsigned char>(byte));
  return text;
}

/// The table of containers, for pages that tell files apart and name them: base/file_format.h.
[[nodiscard]] Json Formats() {
  Json formats = Json::array();
  const auto texts = [](const auto& all) {
    Json list = Json::array();
    for (const std::string_view each : all) {
      if (!each.empty()) list.push_back(each);
    }
    return list;
  };
  for (const FormatInfo& info : kFileFormats) {
    if (info.reads == Reads::kNothing) continue;
    Json signatures = Json::array();
    for (const Signature& signature : info.signatures) {
      if (signature.bytes.empty()) continue;
      signatures.push_back(
          {{"at_0", Hexadecimal(signature.bytes)}, {"at_8", Hexadecimal(signature.at_8)}});
    }
    formats.push_back({{"word", info.word},
                       {"label", info.label},
                       {"product", info.product},
                       {"extensions", texts(info.extensions)},
                       {"media_type", info.media_type},
                       {"edit", info.edit},
                       {"original", info.original},
                       {"gain_map", info.reads == Reads::kPictureAndGainMap},
                       {"written", info.writes == Writes::kGainMap},
                       {"signatures", std::move(signatures)},
                       {"brands", texts(info.brands)}});
  }
  return formats;
}

}  // namespace

std::string OpenApiDocument(const ServiceConfig& config) {
  Json document{{"openapi", "3.1.0"},
                {"info",
                 {{"title", "hdr-process"},
                  {"version", kVersion},
                  {"summary", "Puts the HDR back into edited photographs."},
                  {"license", {{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}}}},
                {"x-deadline-seconds", std::chrono::duration<double>(config.request_time).count()},
                {"x-formats", Formats()},
                // Who may ask is a matter of the proxy in front.
                {"security", Json::array()},
                {"servers", Json::array({{{"url", "/"}}})},
                {"paths", Json::object()}};
  if (!config.root_path.empty()) {
    document["servers"] = Json::array({Json{{"url", config.root_path}}});
  }
  Json& paths = document["paths"];
  paths["/process"] = ProcessPath(config);
  paths["/inspect"] = InspectPath(config);
  AddResultPaths(paths);
  paths["/jobs/{name}"] = JobPath();
  AddOperatorPaths(paths);
  document["components"]["schemas"] = OpenApiSchemas();
  return document.dump(2) + "\n";
}

}  // namespace hdrp
