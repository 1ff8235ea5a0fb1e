#include "service/result_answers.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/formatted.h"
#include "service/http/accept.h"
#include "service/http/entity_tag.h"
#include "service/worker/unnamed_file.h"

namespace hdrp {
namespace {

using Json = nlohmann::ordered_json;

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

/// A part that is a JSON object.
[[nodiscard]] Expected<Json> ObjectOf(const JobDone& done, std::string_view part) {
  const std::optional<FileSlice> slice = done.Part(part);
  if (!slice) return Fail(ErrorCode::kInternal, "worker", "no {} came back", part);
  constexpr std::uint64_t kMaxText = 4 << 20;
  HDRP_ASSIGN_OR_RETURN(const Bytes text, ReadAt(done.output->get(), slice->offset,
                                                 std::min(slice->size, kMaxText), "store"));
  Json json = Json::parse(AsText(text), nullptr, false);
  if (!json.is_object()) return Fail(ErrorCode::kInternal, "worker", "{} is no JSON object", part);
  return json;
}

}  // namespace

Refusal NotFound() {
  return Refuse(ServiceCode::kNotFound, "path",
                "there is no such address, or the result has expired");
}

Refusal NotAcceptable(std::span<const std::string_view> offers) {
  std::string known;
  for (const std::string_view offer : offers) (known += known.empty() ? "" : ", ") += offer;
  Refusal refusal = Refuse(ServiceCode::kNotAcceptable, "Accept", "expected some of " + known);
  refusal.detail.push_back({{"header", "Accept"}, refusal.message, std::string(refusal.id)});
  return refusal;
}

HttpResponse JsonResponse(std::string text) {
  return {.body = std::move(text), .headers = {{"Cache-Control", "no-store"}}};
}

std::expected<JobWords, Refusal> WordsOf(const JobDone& done) {
  Expected<Json> report = ObjectOf(done, "meta");
  if (!report) return std::unexpected(RefusalOf(std::move(report.error())));
  Expected<Json> readers = ObjectOf(done, "readers");
  if (!readers) return std::unexpected(RefusalOf(std::move(readers.error())));
  return JobWords{*std::move(report), *std::move(readers)};
}

std::string ResultJson(const StoredResult& result, JobWords words, std::string_view root) {
  Json json{{"id", result.id}};
  for (const std::string_view part :
       {"hdr", "preview", "gainmap", "meta", "overlay", "agreement"}) {
    if (!result.done.Part(part)) continue;  // the last two are made where pictures were compared
    json["result"][std::string(part)] = Formatted("{}/result/{}/{}", root, result.id, part);
  }
  json["report"] = std::move(words.report);
  json["readers"] = std::move(words.readers);
  Json& times = json["timings_ms"] = Json::object();
  for (const JobTime& time : result.done.times) times[time.stage] = time.milliseconds;
  return json.dump(2) + "\n";
}

HttpResponse PartResponse(FileSlice slice, std::string_view part, FileFormat format) {
  if (part == "hdr") {
    return FileResponse(std::move(slice), InfoOf(format).media_type,
                        Formatted("edit_gainmap{}", ExtensionOf(format)));
  }
  if (part == "preview")
    return FileResponse(std::move(slice), "image/jpeg", "edit_sdr_preview.jpg");
  if (part == "gainmap") return FileResponse(std::move(slice), "image/png", "edit_gainmap.png");
  if (part == "overlay") return FileResponse(std::move(slice), "image/png", "edit_overlay.png");
  if (part == "agreement") return FileResponse(std::move(slice), "image/png", "edit_agreement.png");
  return FileResponse(std::move(slice), kJson, "edit_meta.json");
}

HttpResponse Tagged(HttpResponse response, std::string tag, const HttpHead& head) {
  if (HasAlready(head.if_none_match, tag)) {
    response = {.status = 304, .headers = {{"Cache-Control", "no-store"}}};
  }
  response.headers.emplace_back("ETag", std::move(tag));
  return response;
}

HttpResponse WholeResult(const StoredResult& result, const HttpRequest& request) {
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

}  // namespace hdrp
