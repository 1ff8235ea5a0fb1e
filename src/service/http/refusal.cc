#include "service/http/refusal.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace hdrp {
namespace {

using Json = nlohmann::ordered_json;

/// Seconds after which a busy service is worth another try: about one job.
constexpr int kRetryAfterSeconds = 2;

}  // namespace

Refusal Refuse(ServiceCode code, std::string_view where, std::string message) {
  const ServiceErrorKind& kind =
      *std::ranges::find(kServiceErrorKinds, code, &ServiceErrorKind::code);
  Refusal refusal{kind.id, kind.http_status, std::move(message), std::string(where)};
  if (code == ServiceCode::kBusy) refusal.retry_after_seconds = kRetryAfterSeconds;
  return refusal;
}

Refusal Because(std::string_view reason, Refusal refusal) {
  refusal.reason = reason;
  return refusal;
}

Refusal RefusalOf(Error error) {
  const ErrorKind& kind = KindOf(error.code);
  Refusal refusal{kind.id, kind.http_status, std::move(error.message), std::move(error.where)};
  for (std::string& sentence : SentencesOf(error)) {
    refusal.detail.push_back({{"body"}, std::move(sentence), std::string(kind.id)});
  }
  return refusal;
}

Refusal RefusalAt(std::vector<std::string> place, ErrorCode code, std::string message) {
  Refusal refusal = RefusalOf({code, std::move(message), place.back()});
  refusal.detail.push_back({std::move(place), refusal.message, std::string(refusal.id)});
  return refusal;
}

std::string RefusalJson(const Refusal& refusal, std::string_view request_id) {
  Json json{{"code", refusal.id}, {"message", refusal.message}, {"where", refusal.where}};
  if (!refusal.stage.empty()) json["stage"] = refusal.stage;
  Json& detail = json["detail"] = Json::array();
  for (const RefusalDetail& each : refusal.detail) {
    detail.push_back({{"loc", each.place}, {"msg", each.message}, {"type", each.type}});
    if (!each.choice.empty()) detail.back()["ctx"] = {{each.place.back(), each.choice}};
  }
  json["request_id"] = request_id;
  // Messages may quote foreign bytes, which need not be UTF-8.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace hdrp
