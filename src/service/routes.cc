#include "service/routes.h"

#include <strings.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/formatted.h"
#include "pipeline/fields.h"
#include "service/http/accept.h"
#include "service/http/access.h"
#include "service/http/entity_tag.h"
#include "service/http/header_text.h"
#include "service/openapi.h"
#include "service/worker/unnamed_file.h"

namespace hdrp {
namespace {

using Json = nlohmann::ordered_json;
using std::chrono::steady_clock;

struct Route {
  std::string_view pattern;
  std::array<std::string_view, 2> methods;
};
constexpr std::array kRoutes = {
    Route{"/process", {"POST", ""}},
    Route{"/inspect", {"POST", ""}},
    Route{"/result", {"GET", ""}},
    Route{"/result/{id}", {"GET", "DELETE"}},
    Route{"/result/{id}/hdr", {"GET", ""}},
    Route{"/result/{id}/preview", {"GET", ""}},
    Route{"/result/{id}/gainmap", {"GET", ""}},
    Route{"/result/{id}/meta", {"GET", ""}},
    Route{"/result/{id}/overlay", {"GET", ""}},
    Route{"/result/{id}/agreement", {"GET", ""}},
    Route{"/healthz", {"GET", ""}},
    Route{"/readyz", {"GET", ""}},
    Route{"/metrics", {"GET", ""}},
    Route{"/openapi.json", {"GET", ""}},
};
constexpr std::string_view kResultPrefix = "/result/";
constexpr std::string_view kJson = "application/json";

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

[[nodiscard]] Refusal NotAcceptable(std::span<const std::string_view> offers) {
  std::string known;
  for (const std::string_view offer : offers) (known += known.empty() ? "" : ", ") += offer;
  Refusal refusal = Refuse(ServiceCode::kNotAcceptable, "Accept", "expected some of " + known);
  refusal.detail.push_back({{"header", "Accept"}, refusal.message, std::string(refusal.id)});
  return refusal;
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

/// Names are ours: nothing that a client called its file comes back. No cache may keep people's
/// pictures, a browser's on its disk least of all: an ETag is for clients that keep files
/// themselves.
[[nodiscard]] HttpResponse FileResponse(FileSlice slice, std::string_view media_type,
                                        std::string_view name) {
  return {.media_type = media_type,
          .body = std::move(slice),
          .headers = {{"Cache-Control", "no-store"},
                      {"Content-Disposition", Formatted("inline; filename=\"{}\"", name)}}};
}

/// With its tag; without its body where the client has that already.
[[nodiscard]] HttpResponse Tagged(HttpResponse response, std::string tag, const HttpHead& head) {
  if (HasAlready(head.if_none_match, tag)) {
    response = {.status = 304, .headers = {{"Cache-Control", "no-store"}}};
  }
  response.headers.emplace_back("ETag", std::move(tag));
  return response;
}

[[nodiscard]] HttpResponse MainResponse(FileSlice slice, const FormatInfo& format) {
  return FileResponse(std::move(slice), format.media_type,
                      Formatted("edit_gainmap{}", format.extensions.front()));
}

[[nodiscard]] HttpResponse PartResponse(FileSlice slice, std::string_view part, FileFormat format) {
  if (part == "hdr") return MainResponse(std::move(slice), InfoOf(format));
  if (part == "preview")
    return FileResponse(std::move(slice), "image/jpeg", "edit_sdr_preview.jpg");
  if (part == "gainmap") return FileResponse(std::move(slice), "image/png", "edit_gainmap.png");
  if (part == "overlay") return FileResponse(std::move(slice), "image/png", "edit_overlay.png");
  if (part == "agreement") return FileResponse(std::move(slice), "image/png", "edit_agreement.png");
  return FileResponse(std::move(slice), kJson, "edit_meta.json");
}

[[nodiscard]] HttpResponse JsonResponse(std::string text) {
  return {.body = std::move(text), .headers = {{"Cache-Control", "no-store"}}};
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

[[nodiscard]] Refusal NotFound() {
  return Refuse(ServiceCode::kNotFound, "path",
                "there is no such address, or the result has expired");
}

/// The answer to POST /process, of which `meta` is the report.
[[nodiscard]] std::expected<std::string, Refusal> ResultJson(std::string_view id,
                                                             const JobDone& done) {
  const std::optional<FileSlice> meta = done.Part("meta");
  if (!meta)
    return std::unexpected(RefusalOf({ErrorCode::kInternal, "no report came back", "worker"}));
  constexpr std::uint64_t kMaxReport = 4 << 20;
  const Expected<Bytes> text =
      ReadAt(done.output->get(), meta->offset, std::min(meta->size, kMaxReport), "store");
  if (!text) return std::unexpected(RefusalOf(text.error()));
  Json report = Json::parse(AsText(*text), nullptr, false);
  if (report.is_discarded()) {
    return std::unexpected(RefusalOf({ErrorCode::kInternal, "the report is no JSON", "worker"}));
  }
  Json json{{"id", id}};
  for (const std::string_view part :
       {"hdr", "preview", "gainmap", "meta", "overlay", "agreement"}) {
    if (!done.Part(part)) continue;  // the last two are made where pictures were compared
    json["result"][std::string(part)] = Formatted("/result/{}/{}", id, part);
  }
  json["report"] = std::move(report);
  Json& times = json["timings_ms"] = Json::object();
  for (const JobTime& time : done.times) times[time.stage] = time.milliseconds;
  return json.dump(2) + "\n";
}

/// The answer to POST /process once more, or its container: what Accept prefers.
[[nodiscard]] HttpResponse WholeResult(const StoredResult& result, const HttpRequest& request) {
  const std::array offers = {kJson, InfoOf(result.format).media_type};
  const std::optional<std::size_t> chosen = Accept(request.head.accept).Preferred(offers);
  if (!chosen) return ResponseOf(NotAcceptable(offers), request.id);
  std::optional<FileSlice> hdr = result.done.Part("hdr");
  const bool whole = *chosen == 1 && hdr;
  HttpResponse response =
      whole ? PartResponse(*std::move(hdr), "hdr", result.format) : JsonResponse(result.json);
  response = Tagged(std::move(response), EntityTag(result.id, whole ? "hdr" : ""), request.head);
  response.headers.emplace_back("Vary", "Accept");
  return response;
}

}  // namespace

Service::Service(ServiceConfig config)
    : config_(std::move(config)),
      store_(config_.store_bytes, config_.lifetime),
      uploads_{config_.upload_bytes, 0},
      openapi_(OpenApiDocument(config_)) {}

std::string_view Service::PatternOf(std::string_view path) {
  if (const Route* route = FindRoute(path)) return route->pattern;
  if (path == "/" || path == "/docs") return path;
  return FindAsset(path) != nullptr ? "/{asset}" : "other";
}

std::expected<BodyRules, Refusal> Service::Open(const HttpHead& head) const {
  // Whoever checks a service's health asks by any name.
  if (head.path != "/healthz" && head.path != "/readyz") {
    if (auto refusal = RefuseForeign(head, config_.hosts))
      return std::unexpected(*std::move(refusal));
  }
  static constexpr Route kPage{"/{asset}", {"GET", ""}};
  const bool is_page = head.path == "/" || head.path == "/docs" || FindAsset(head.path) != nullptr;
  const Route* route = is_page ? &kPage : FindRoute(head.path);
  if (route == nullptr) return std::unexpected(NotFound());
  if (!Allows(*route, head.method)) {
    std::string allowed(route->methods[0]);
    if (!route->methods[1].empty()) (allowed += ", ") += route->methods[1];
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
  if (head.path == "/process" && !Accept(head.accept).Preferred(Offers())) {
    return std::unexpected(NotAcceptable(Offers()));
  }
  BodyRules rules;
  const bool inspects = head.path == "/inspect";
  for (const FileField& file : JobFiles()) {
    if (inspects && file.name != "img") continue;
    rules.fields.push_back({.name = file.name,
                            .is_file = true,
                            .required = file.required,
                            .max_bytes = file.name == "ref" || inspects
                                             ? config_.max_reference_bytes
                                             : config_.max_image_bytes});
  }
  if (!inspects) {
    for (const Field& field : JobFields()) {
      rules.fields.push_back(
          {.name = field.name, .repeats = std::holds_alternative<GuardField>(field.kind)});
    }
  }
  rules.max_bytes = config_.max_body_bytes();
  return rules;
}

Reply Service::Handle(HttpRequest request) {
  const std::string& path = request.head.path;
  if (path == "/process") return Process(std::move(request));
  if (path == "/inspect") return Inspect(std::move(request));
  if (path.starts_with("/result")) return Result(request);
  if (path == "/healthz") return JsonResponse("{\"status\": \"ok\"}\n");
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
             request.deadline};
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
  return PendingJob{*std::move(job),
                    [this, delivery = Delivery{request.id, written, whole}](JobDone done) {
                      return Deliver(std::move(done), delivery);
                    }};
}

HttpResponse Service::Deliver(JobDone done, const Delivery& delivery) {
  for (const JobTime& time : done.times) metrics_.CountStage(time.stage, time.milliseconds / 1000);
  if (delivery.whole) {
    std::optional<FileSlice> hdr = done.Part("hdr");
    if (!hdr) {
      return ResponseOf(RefusalOf({ErrorCode::kInternal, "no picture came back", "worker"}),
                        delivery.request_id);
    }
    return MainResponse(*std::move(hdr), InfoOf(delivery.format));
  }
  StoredResult result{
      .id = ResultStore::NewId(), .done = std::move(done), .format = delivery.format};
  std::expected<std::string, Refusal> json = ResultJson(result.id, result.done);
  if (!json) return ResponseOf(json.error(), delivery.request_id);
  result.json = *json;
  store_.Add(std::move(result), steady_clock::now());
  return JsonResponse(*std::move(json));
}

Reply Service::Inspect(HttpRequest request) {
  std::expected<Job, Refusal> job = MakeJob(JobKind::kInspect, request);
  if (!job) return ResponseOf(job.error(), request.id);
  return PendingJob{
      *std::move(job), [id = request.id](const JobDone& done) {
        std::optional<FileSlice> text = done.Part("inspection");
        if (!text) {
          return ResponseOf(RefusalOf({ErrorCode::kInternal, "no answer came back", "worker"}), id);
        }
        return HttpResponse{.body = *std::move(text), .headers = {{"Cache-Control", "no-store"}}};
      }};
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

HttpResponse Service::Ready() const {
  const PoolState pool = pool_state();
  const bool full = pool.IsFull(config_.pool.queue);
  const Json json{{"status", full ? "busy" : "ready"},
                  {"workers", pool.workers},
                  {"busy", pool.busy},
                  {"queued", pool.queued}};
  HttpResponse response = JsonResponse(json.dump() + "\n");
  if (full) response.status = 503;
  return response;
}

HttpResponse Service::MetricsText() const {
  return {.media_type = "text/plain; version=0.0.4; charset=utf-8",
          .body = metrics_.Text(
              {pool_state(), requests_in_progress(), store_.bytes(), store_.size(), uploads_.used}),
          .headers = {{"Cache-Control", "no-store"}}};
}

}  // namespace hdrp
