// Answers about results: the JSON of POST /process, and each of the files.
#pragma once

#include <expected>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>

#include "service/http/http.h"
#include "service/store.h"

namespace hdrp {

inline constexpr std::string_view kJson = "application/json";

[[nodiscard]] Refusal NotFound();
/// For an Accept header that leaves nothing of what there is.
[[nodiscard]] Refusal NotAcceptable(std::span<const std::string_view> offers);
[[nodiscard]] HttpResponse JsonResponse(std::string text);

/// What a job said of its result.
struct JobWords {
  nlohmann::ordered_json report, readers;
};
/// internal where it said no such thing.
[[nodiscard]] std::expected<JobWords, Refusal> WordsOf(const JobDone& done);
/// The answer to POST /process; `root` is before its links.
[[nodiscard]] std::string ResultJson(const StoredResult& result, JobWords words,
                                     std::string_view root);

/// One of a result's files; "hdr" is of this format.
[[nodiscard]] HttpResponse PartResponse(FileSlice slice, std::string_view part, FileFormat format);
/// With its tag; without its body where the client has that already.
[[nodiscard]] HttpResponse Tagged(HttpResponse response, std::string tag, const HttpHead& head);
/// The answer to POST /process once more, or its container: what Accept prefers.
[[nodiscard]] HttpResponse WholeResult(const StoredResult& result, const HttpRequest& request);

}  // namespace hdrp
