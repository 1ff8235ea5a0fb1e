#include "service/http/http.h"

namespace hdrp {

HttpResponse ResponseOf(const Refusal& refusal, std::string_view request_id) {
  HttpResponse response{.status = refusal.status,
                        .body = RefusalJson(refusal, request_id),
                        .headers = {{"Cache-Control", "no-store"}},
                        .code = refusal.id};
  if (IsRefusal(refusal.status)) {
    response.reason = refusal.reason.empty() ? refusal.id : refusal.reason;
  }
  if (refusal.retry_after_seconds > 0) {
    response.headers.emplace_back("Retry-After", std::to_string(refusal.retry_after_seconds));
  }
  if (!refusal.accept_encoding.empty()) {
    response.headers.emplace_back("Accept-Encoding", refusal.accept_encoding);
  }
  if (!refusal.allow.empty()) response.headers.emplace_back("Allow", refusal.allow);
  return response;
}

}  // namespace hdrp
