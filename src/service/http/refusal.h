// What a request gets that gets nothing else: one JSON shape for every error, with the project's
// ids (base/error.h) and a few that only a service needs.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace hdrp {

enum class ServiceCode : std::uint8_t {
  kBadRequest,
  kForbiddenOrigin,
  kNotFound,
  kMethodNotAllowed,
  kNotAcceptable,
  kUploadTimeout,
  kNameTaken,
  kNeedsUpload,
  kBusy,
};

struct ServiceErrorKind {
  ServiceCode code;
  std::string_view id;
  int http_status;
  std::string_view meaning;  ///< for the OpenAPI document
};

inline constexpr std::array<ServiceErrorKind, 9> kServiceErrorKinds = {{
    {ServiceCode::kBadRequest, "bad_request", 400,
     "the request is not what HTTP or multipart/form-data ask for"},
    {ServiceCode::kForbiddenOrigin, "forbidden_origin", 403,
     "the request comes from another site's page, or names another host"},
    {ServiceCode::kNotFound, "not_found", 404, "nothing is here; results expire"},
    {ServiceCode::kMethodNotAllowed, "method_not_allowed", 405,
     "the address exists, but not for this method"},
    {ServiceCode::kNotAcceptable, "not_acceptable", 406,
     "Accept names no kind of answer that this address has"},
    {ServiceCode::kUploadTimeout, "upload_timeout", 408, "the body took too long to arrive"},
    {ServiceCode::kNameTaken, "name_taken", 409, "another job that is not done has this name"},
    {ServiceCode::kNeedsUpload, "needs_upload", 409,
     "what is kept of the result is not enough for this"},
    {ServiceCode::kBusy, "busy", 503, "too much waits for this to be done in time"},
}};

/// Why requests are refused, for counters, where an id stands for several reasons.
inline constexpr std::string_view kForeignHost = "foreign_host", kForeignPage = "foreign_origin",
                                  kStopping = "stopping", kUploadSpace = "upload_space",
                                  kConnections = "connections";
inline constexpr std::array kReasons = {kForeignHost, kForeignPage, kStopping, kUploadSpace,
                                        kConnections};

/// One fault, as FastAPI words it.
struct RefusalDetail {
  std::vector<std::string> place;  ///< {"body", "boost"}, {"query", "id"}, {"header", "Accept"}
  std::string message;
  std::string type;         ///< "missing", "extra_forbidden", or the error's id
  std::string choice = {};  ///< what of the field it is, where that can be chosen otherwise: "text"
};

struct Refusal {
  std::string_view id;
  int status = 500;
  std::string message;
  std::string where;
  std::vector<RefusalDetail> detail = {};
  std::string stage = {};            ///< of a timeout: what was being done
  int retry_after_seconds = 0;       ///< of `busy`; 0: none
  std::string allow = {};            ///< of `method_not_allowed`: "GET, DELETE"
  std::string accept_encoding = {};  ///< of a body that is coded as none may be
  std::string_view reason = {};      ///< one of kReasons, where the id says less
};

/// The request's fault, or there is no room for it; not that something failed here.
[[nodiscard]] constexpr bool IsRefusal(int status) {
  return (status >= 400 && status < 500) || status == 503;
}

[[nodiscard]] Refusal Refuse(ServiceCode code, std::string_view where, std::string message);

/// The same, with one of kReasons.
[[nodiscard]] Refusal Because(std::string_view reason, Refusal refusal);

/// The project's error, with its HTTP status; `details` become one detail each.
[[nodiscard]] Refusal RefusalOf(Error error);

/// What is wrong with one part of a request; `where` is its name.
[[nodiscard]] Refusal RefusalAt(std::vector<std::string> place, ErrorCode code,
                                std::string message);

/// The body: {"code", "message", "where", "detail", "request_id"} and, where there is one, "stage".
[[nodiscard]] std::string RefusalJson(const Refusal& refusal, std::string_view request_id);

}  // namespace hdrp
