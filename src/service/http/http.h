// Requests and responses as the handlers see them; no socket, no HTTP library.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "service/http/refusal.h"
#include "service/job_names.h"
#include "service/worker/fd.h"

namespace hdrp {

/// What is known before the body arrives.
struct HttpHead {
  std::string method, path;
  std::string host = {}, origin = {};  ///< the headers; empty where there is none
  std::string scheme = {};             ///< "http", "https"; empty where nobody knows
  std::string accept = {}, content_type = {};
  std::string query_id = {};  ///< of "?id="
  std::string if_none_match = {}, content_encoding = {};
  std::string job_name = {};  ///< service/job_names.h
  /// Whom it is counted for (http/client_address.h): the peer, or whom a trusted proxy names.
  std::string client = {};
};

struct FormFile {
  std::string name;  ///< of the field, never the client's
  Fd content;
  std::uint64_t bytes = 0;
  std::uint64_t offset = 0;  ///< in `content`
};
struct FormText {
  std::string name, text;
};
struct Form {
  std::vector<FormFile> files;
  std::vector<FormText> texts;
};

struct HttpRequest {
  HttpHead head;
  std::string id;  ///< for logs and error bodies
  Form form;
  std::chrono::steady_clock::time_point begin, deadline;
  std::shared_ptr<NamedJob> named = nullptr;
};

/// Part of a file; the file lives as long as anyone sends it.
struct FileSlice {
  std::shared_ptr<const Fd> file;
  std::uint64_t offset = 0, size = 0;
};

struct HttpResponse {
  int status = 200;
  std::string_view media_type = "application/json";
  std::variant<std::string, ByteView, FileSlice> body = std::string();  ///< a view is static
  std::vector<std::pair<std::string, std::string>> headers = {};        ///< further ones
  std::string_view code = {};    ///< the error's id, for logs and metrics
  std::string_view reason = {};  ///< of a refusal: one of kReasons, else the error's id
};

/// The error as a response.
[[nodiscard]] HttpResponse ResponseOf(const Refusal& refusal, std::string_view request_id);

/// What every answer carries, whatever it says: no sniffing, no referrer, no framing, no foreign
/// scripts.
inline constexpr std::pair<const char*, const char*> kSecurityHeaders[] = {
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Content-Security-Policy",
     "default-src 'none'; img-src 'self' blob:; script-src 'self'; style-src 'self'; "
     "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"},
};

}  // namespace hdrp
