#include "service/routes.h"

#include <strings.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/formatted.h"
#include "pipeline/fields.h"
#include "service/again.h"
#include "service/http/accept.h"
#include "service/http/access.h"
#include "service/http/entity_tag.h"
#include "service/http/header_text.h"
#include "service/openapi.h"
#include "service/process_metrics.h"
#include "service/result_answers.h"
#include "service/worker/unnamed_file.h"

namespace hdrp {
namespace {

using Json = nlohmann::ordered_json;
using std::chrono::steady_clock;

struct Route {
  std::string_view pattern;
  std::array<std::string_view, 3> methods;
};
constexpr std::array kRoutes = {
    Route{"/process", {"POST"}},
    Route{"/inspect", {"POST"}},
    Route{"/result", {"GET"}},
    Route{"/result/{id}", {"GET", "DELETE", "POST"}},
    Route{"/result/{id}/hdr", {"GET"}},
    Route{"/result/{id}/preview", {"GET"}},
    Route{"/result/{id}/gainmap", {"GET"}},
    Route{"/result/{id}/meta", {"GET"}},
    Route{"/result/{id}/overlay", {"GET"}},
    Route{"/result/{id}/agreement", {"GET"}},
    Route{"/jobs/{name}", {"GET"}},
    Route{"/healthz", {"GET"}},
    Route{"/readyz", {"GET"}},
    Route{"/metrics", {"GET"}},
    Route{"/openapi.json", {"GET"}},
};
constexpr std::string_view kResultPrefix = "/result/";
constexpr std::string_view kJobPrefix = "/jobs/";

/// "0123.../hdr" of "/result/0123.../hdr" as {id, "hdr"}.
struct ResultPath {
  std::string_view id, part;
};
[[nodiscard]] ResultPath SplitResult(std::string_view path) {
  if (!path.starts_with(kResultPrefix)) return {};
  path.remove_prefix(kResultPrefix.size());
  const std::size_t slash = path.find('/');
  return {path.substr(0, slash), slash == std::string_view::npos ? "" : path.substr(slash + 1)};
}

[[nodiscard]] const Asset* FindAsset(std::string_view path) {
  const std::span<const Asset> assets = PageAssets();
  const auto found = std::ranges::find(assets, path, &Asset::path);
  return found == assets.end() ? nullptr : &*found;
}

[[nodiscard]] const Route* FindRoute(std::string_view path) {
  const ResultPath result = SplitResult(path);
  const auto* const found = std::ranges::find_if(kRoutes, [&](const Route& route) {
    if (route.pattern == path) return true;
    if (path.starts_with(kJobPrefix)) return route.pattern.starts_with(kJobPrefix);
    const ResultPath wanted = SplitResult(route.pattern);
    return !wanted.id.empty() && !result.id.empty() && wanted.part == result.part;
  });
  return found == kRoutes.end() ? nullptr : found;
}

/// HEAD is GET to everyone but the transport.
[[nodiscard]] bool Allows(const Route& route, std::string_view method) {
  if (method == "HEAD") method = "GET";
  return std::ranges::contains(route.methods, method);
}

/// Among those that are delivered.
[[nodiscard]] const FormatInfo* FindFormat(std::string_view FormatInfo::* column,
                                           std::string_view text) {
  for (const FileFormat format : kFormatsWritten<Writes::kGainMap>) {
    if (InfoOf(format).*column == text) return &InfoOf(format);
  }
  return nullptr;
}

/// JSON, which is what a client gets that does not mind, and the containers.
[[nodiscard]] const std::vector<std::string_view>& Offers() {
  static const auto kOffers = [] {
    std::vector<std::string_view> offers = {kJson};
    for (const FileFormat format : kFormatsWritten<Writes::kGainMap>) {
      offers.push_back(InfoOf(format).media_type);
    }
    return offers;
  }();
  return kOffers;
}

/// The container of a form whose fields were checked; nullptr where it names none.
[[nodiscard]] const FormatInfo* FormatOf(const std::vector<FormText>& texts) {
  const auto found = std::ranges::find(texts, "format", &FormText::name);
  return found == texts.end() ? nullptr : FindFormat(&FormatInfo::word, found->text);
}

/// Both are at fault, or neither is.
[[nodiscard]] Refusal Contradiction(const FormatInfo& format) {
  Refusal refusal = RefusalAt({"body", "format"}, ErrorCode::kBadArgument,
                              Formatted("expected what Accept takes, found {}, which is {}",
                                        format.word, format.media_type));
  refusal.detail.push_back({{"header", "Accept"},
                            Formatted("expected {} or {}", format.media_type, kJson),
                            std::string(refusal.id)});
  return refusal;
}

[[nodiscard]] HttpResponse AssetResponse(const Asset& asset) {
  return {.media_type = asset.media_type,
          .body = asset.content,
          .headers = {{"Cache-Control", std::string(asset.caching)}}};
}

[[nodiscard]] HttpResponse PageMissing() {
  return {.media_type = "text/plain; charset=utf-8",
          .body = std::string("This program was built without its page (esbuild was missing).\n"
                              "The API works: see /openapi.json.\n"),
          .headers = {{"Cache-Control", "no-cache"}}};
}

/// Media types are written in any case.
[[nodiscard]] bool IsMultipart(const std::string& content_type) {
  constexpr std::string_view kType = "multipart/form-data";
  return strncasecmp(content_type.c_str(), kType.data(), kType.size()) == 0;
}

/// Pictures hardly get smaller by it, and a small body could become a large one.
[[nodiscard]] std::optional<Refusal> RefuseCoded(const HttpHead& head) {
  if (head.content_encoding.empty() || SameIgnoringCase(head.content_encoding, "identity")) {
    return std::nullopt;
  }
  Refusal refusal = RefusalAt({"header", "Content-Encoding"}, ErrorCode::kUnsupported,
                              "expected a body as it is, found a coded one");
  refusal.accept_encoding = "identity";
  return refusal;
}

[[nodiscard]] std::string MethodsOf(const Route& route) {
  std::string methods;
  for (const std::string_view method : route.methods) {
    if (!method.empty()) (methods += methods.empty() ? "" : ", ") += method;
  }
  return methods;
}

/// The page: a file of it, or the prefix without its slash.
[[nodiscard]] bool IsPage(std::string_view path, std::string_view root) {
  return path == "/" || path == "/docs" || FindAsset(path) != nullptr ||
         (path.empty() && !root.empty());
}

/// The page's own links are relative.
[[nodiscard]] HttpResponse ToThePage(std::string_view root) {
  return {.status = 308,
          .media_type = "text/plain; charset=utf-8",
          .headers = {{"Cache-Control", "no-cache"}, {"Location", Formatted("{}/", root)}}};
}

[[nodiscard]] Refusal BadJobName() {
  return RefusalAt({"header", "Job-Name"}, ErrorCode::kBadArgument,
                   "expected 22 to 128 random letters, digits, \"-\" and \"_\" (128 bits in "
                   "base64url, or 32 hexadecimal digits)");
}

/// Without the name, which is nobody's but its owner's.
[[nodiscard]] Refusal JobNameTaken() {
  Refusal refusal = Refuse(ServiceCode::kNameTaken, "Job-Name",
                           "a job of this name is on its way; expected another name");
  refusal.detail.push_back({{"header", "Job-Name"}, refusal.message, std::string(refusal.id)});
  return refusal;
}

[[nodiscard]] FormRule RuleOf(const Field& field) {
  return {.name = field.name, .repeats = std::holds_alternative<GuardField>(field.kind)};
}

[[nodiscard]] BodyRules RulesOfAgain() {
  BodyRules rules{.max_bytes = 64 << 10};
  for (const std::string_view name : kFieldsOfAgain) rules.fields.push_back(RuleOf(JobField(name)));
  return rules;
}

}  // namespace

Service::Service(ServiceConfig config)
    : config_(std::move(config)),
      store_(config_.store_bytes, config_.lifetime),
      uploads_(config_.upload_bytes),
      openapi_(OpenApiDocument(config_)) {}

std::string_view Service::PatternOf(std::string_view path) {
  if (const Route* route = FindRoute(path)) return route->pattern;
  if (path == "/" || path == "/docs") return path;
  if (path.empty()) return "/";
  return FindAsset(path) != nullptr ? "/{asset}" : "other";
}

std::expected<BodyRules, Refusal> Service::Open(const HttpHead& head) {
  // Whoever checks a service's health asks by any name.
  if (head.path != "/healthz" && head.path != "/readyz") {
    if (auto refusal = RefuseForeign(head, config_.hosts, config_.origins))
      return std::unexpected(*std::move(refusal));
  }
  static constexpr Route kPage{"/{asset}", {"GET"}};
  const Route* route = IsPage(head.path, config_.root_path) ? &kPage : FindRoute(head.path);
  if (route == nullptr) return std::unexpected(NotFound());
  if (IsPreflight(head)) return BodyRules{};
  if (!Allows(*route, head.method)) {
    std::string allowed = MethodsOf(*route);
    Refusal refusal = Refuse(ServiceCode::kMethodNotAllowed, "method", "expected " + allowed);
    refusal.allow = std::move(allowed);
    return std::unexpected(std::move(refusal));
  }
  if (head.method != "POST") return BodyRules{};
  if (auto refusal = RefuseCoded(head)) return std::unexpected(*std::move(refusal));
  if (!IsMultipart(head.content_type)) {
    return std::unexpected(RefusalAt({"header", "Content-Type"}, ErrorCode::kUnsupported,
                                     "expected multipart/form-data"));
  }
  const bool inspects = head.path == "/inspect";
  if (!inspects && !Accept(head.accept).Preferred(Offers())) {
    return std::unexpected(NotAcceptable(Offers()));
  }
  const bool again = head.path.starts_with(kResultPrefix);
  if (again && store_.Find(SplitResult(head.path).id, steady_clock::now()) == nullptr) {
    return std::unexpected(NotFound());
  }
  BodyRules rules = inspects ? RulesOfInspect() : again ? RulesOfAgain() : RulesOfProcess();
  if (!head.job_name.empty()) {
    if (!IsJobName(head.job_name)) return std::unexpected(BadJobName());
    rules.named = names_.Take(head.job_name);
    if (rules.named == nullptr) return std::unexpected(JobNameTaken());
  }
  return rules;
}

BodyRules Service::RulesOfProcess() const {
  BodyRules rules{.max_bytes = config_.max_body_bytes()};
  for (const FileField& file : JobFiles()) {
    rules.fields.push_back(
        {.name = file.name,
         .is_file = true,
         .required = file.required,
         .max_bytes = file.name == "ref" ? config_.max_reference_bytes : config_.max_image_bytes});
  }
  for (const Field& field : JobFields()) rules.fields.push_back(RuleOf(field));
  return rules;
}

BodyRules Service::RulesOfInspect() const {
  return {.fields = {{.name = "img",
                      .is_file = true,
                      .required = true,
                      .max_bytes = config_.max_reference_bytes}},
          .max_bytes = config_.max_body_bytes()};
}

bool Service::IsPreflight(const HttpHead& head) const {
  return head.method == "OPTIONS" && std::ranges::contains(config_.origins, head.origin);
}

Reply Service::Handle(HttpRequest request) {
  const std::string& path = request.head.path;
  if (IsPreflight(request.head)) {
    const Route* route = FindRoute(path);
    return PreflightResponse(route == nullptr ? "GET" : MethodsOf(*route));
  }
  if (path.empty()) return ToThePage(config_.root_path);
  if (path == "/process") return Process(std::move(request));
  if (path == "/inspect") return Inspect(std::move(request));
  if (path.starts_with("/result")) {
    return request.head.method == "POST" ? Again(std::move(request)) : Result(request);
  }
  if (path.starts_with(kJobPrefix)) return Progress(request);
  if (path == "/healthz") return Alive();
  if (path == "/readyz") return Ready();
  if (path == "/metrics") return MetricsText();
  if (path == "/openapi.json") {
    return HttpResponse{.body = openapi_, .headers = {{"Cache-Control", "no-cache"}}};
  }
  if (const Asset* asset = FindAsset(path)) return AssetResponse(*asset);
  return PageMissing();
}

std::expected<Job, Refusal> Service::MakeJob(JobKind kind, HttpRequest& request) const {
  Options scratch;
  Refusal refusal;
  for (const FormText& field : request.form.texts) {
    const Expected<void> ok = SetField(JobField(field.name), field.text, scratch);
    if (ok) continue;
    if (refusal.detail.empty()) refusal = RefusalOf(ok.error());
    refusal.detail.push_back({{"body", field.name}, ok.error().message, "bad_argument"});
  }
  if (!refusal.detail.empty()) return std::unexpected(std::move(refusal));
  Expected<Fd> output = MakeUnnamedFile(config_.folder);
  if (!output) return std::unexpected(RefusalOf(std::move(output.error())));
  return Job{kind,
             std::move(request.form.texts),
             std::move(request.form.files),
             *std::move(output),
             config_.job,
             request.deadline,
             JobOutputs::kEverything,
             false,
             request.head.client};
}

Reply Service::Process(HttpRequest request) {
  std::expected<Job, Refusal> job = MakeJob(JobKind::kProcess, request);
  if (!job) return ResponseOf(job.error(), request.id);
  const FormatInfo* format = FormatOf(job->fields);
  // Where the form names a container, only that one can be had.
  std::vector<std::string_view> offers = Offers();
  if (format != nullptr) offers = {kJson, format->media_type};
  const std::optional<std::size_t> chosen = Accept(request.head.accept).Preferred(offers);
  if (!chosen) return ResponseOf(Contradiction(*format), request.id);
  const bool whole = offers[*chosen] != kJson;
  if (whole) format = FindFormat(&FormatInfo::media_type, offers[*chosen]);
  if (whole && FormatOf(job->fields) == nullptr) {
    job->fields.push_back({"format", std::string(format->word)});
  }
  job->outputs = whole ? JobOutputs::kContainer : JobOutputs::kEverything;
  const FileFormat written = format == nullptr ? FileFormat::kJpeg : format->format;
  Delivery delivery{request.id, written, whole, job->fields};
  return PendingJob{*std::move(job),
                    [this, delivery = std::move(delivery)](JobDone done) {
                      return Deliver(std::move(done), delivery);
                    },
                    std::move(request.named)};
}

HttpResponse Service::Deliver(JobDone done, const Delivery& delivery) {
  for (const JobTime& time : done.times) metrics_.CountStage(time.stage, time.milliseconds / 1000);
  if (delivery.whole) {
    std::optional<FileSlice> hdr = done.Part("hdr");
    if (!hdr) {
      return ResponseOf(RefusalOf({ErrorCode::kInternal, "no picture came back", "worker"}),
                        delivery.request_id);
    }
    return PartResponse(*std::move(hdr), "hdr", delivery.format);
  }
  std::expected<JobWords, Refusal> words = WordsOf(done);
  if (!words) return ResponseOf(words.error(), delivery.request_id);
  StoredResult result{.id = ResultStore::NewId(),
                      .done = std::move(done),
                      .format = delivery.format,
                      .fields = delivery.fields,
                      .reusable = ReusableOf(words->report, delivery.fields)};
  std::string json = ResultJson(result, *std::move(words), config_.root_path);
  result.json = json;
  store_.Add(std::move(result), steady_clock::now());
  return JsonResponse(std::move(json));
}

Reply Service::Again(HttpRequest request) {
  const StoredResult* kept = store_.Find(SplitResult(request.head.path).id, steady_clock::now());
  if (kept == nullptr) return ResponseOf(NotFound(), request.id);
  std::expected<Form, Refusal> form = FormOfAgain(*kept, std::move(request.form.texts));
  if (!form) return ResponseOf(form.error(), request.id);
  request.form = *std::move(form);
  return Process(std::move(request));
}

Reply Service::Inspect(HttpRequest request) {
  std::expected<Job, Refusal> job = MakeJob(JobKind::kInspect, request);
  if (!job) return ResponseOf(job.error(), request.id);
  return PendingJob{
      *std::move(job),
      [id = request.id](const JobDone& done) {
        std::optional<FileSlice> text = done.Part("inspection");
        if (!text) {
          return ResponseOf(RefusalOf({ErrorCode::kInternal, "no answer came back", "worker"}), id);
        }
        return HttpResponse{.body = *std::move(text), .headers = {{"Cache-Control", "no-store"}}};
      },
      std::move(request.named)};
}

HttpResponse Service::Result(const HttpRequest& request) {
  const auto [id, part] = request.head.path == "/result" ? ResultPath{request.head.query_id, ""}
                                                         : SplitResult(request.head.path);
  if (request.head.method == "DELETE") {
    if (!store_.Remove(id)) return ResponseOf(NotFound(), request.id);
    return {.status = 204, .headers = {{"Cache-Control", "no-store"}}};
  }
  if (id.empty()) {
    return ResponseOf(RefusalAt({"query", "id"}, ErrorCode::kBadArgument,
                                "expected the id of a result, found none"),
                      request.id);
  }
  const StoredResult* result = store_.Find(id, steady_clock::now());
  if (result == nullptr) return ResponseOf(NotFound(), request.id);
  if (part.empty()) return WholeResult(*result, request);
  std::optional<FileSlice> slice = result->done.Part(part);
  if (!slice) return ResponseOf(NotFound(), request.id);
  return Tagged(PartResponse(*std::move(slice), part, result->format), EntityTag(id, part),
                request.head);
}

HttpResponse Service::Progress(const HttpRequest& request) const {
  const std::string_view name = std::string_view(request.head.path).substr(kJobPrefix.size());
  const std::shared_ptr<const NamedJob> named = names_.Find(name);
  if (named == nullptr) return ResponseOf(NotFound(), request.id);
  const std::optional<JobProgress> progress =
      named->ticket ? progress_of(*named->ticket) : std::nullopt;
  Json json{{"state", "uploading"}, {"received_bytes", named->received}};
  if (progress && progress->ahead) {
    json = {{"state", "waiting"}, {"ahead", *progress->ahead}};
  } else if (progress) {
    json = {{"state", "running"}, {"stage", progress->stage}, {"share", progress->share}};
  }
  return JsonResponse(json.dump() + "\n");
}

HttpResponse Service::Alive() const {
  return JsonResponse(Formatted("{{\"status\": \"{}\"}}\n", stopping() ? "stopping" : "ok"));
}

HttpResponse Service::Ready() const {
  const PoolState pool = pool_state();
  const bool full = stopping() || !has_room();
  const Json json{{"status", stopping() ? "stopping"
                             : full     ? "busy"
                                        : "ready"},
                  {"workers", pool.workers},
                  {"busy", pool.busy},
                  {"queued", pool.queued}};
  HttpResponse response = JsonResponse(json.dump() + "\n");
  if (full) response.status = 503;
  return response;
}

HttpResponse Service::MetricsText() const {
  return {.media_type = "text/plain; version=0.0.4; charset=utf-8",
          .body = metrics_.Text({pool_state(), requests_in_progress(), store_.bytes(),
                                 store_.size(), uploads_.used()}) +
                  ProcessMetrics(),
          .headers = {{"Cache-Control", "no-store"}}};
}

}  // namespace hdrp
