// The sockets: HTTP through libmicrohttpd, on one thread, with deadlines of our own. The library
// lives in a module of its own (module/load_http.cc), which only a service loads.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <string>

#include "service/http/client_address.h"
#include "service/http/form_reader.h"
#include "service/http/http.h"
#include "service/http/pace.h"
#include "service/http/reactor.h"
#include "service/routes.h"
#include "service/worker/fd.h"

namespace hdrp {

/// One request and its answer, for logs and counters.
struct HttpRecord {
  std::string request_id, path;
  std::string_view method =
      "other";     ///< one that is known, else "other": logs hold no foreign words
  int status = 0;  ///< 0: the client left, or nothing could be answered
  std::string_view code, reason;
  std::uint64_t bytes_in = 0;
  double seconds = 0;
};

/// What the sockets are for. Called on the server's thread.
struct HttpHandlers {
  std::function<std::expected<BodyRules, Refusal>(const HttpHead&)> open;
  /// Calls `answer` once, now or later. Returns what to call where the client leaves before that.
  std::function<std::function<void()>(HttpRequest, std::function<void(HttpResponse)> answer)>
      handle;
  std::function<void(const HttpRecord&)> finished;
  std::function<void()> tick;         ///< about ten times a second while there is anything to do
  std::function<bool()> stop_asked;   ///< take no more jobs, and end when all are answered
  std::function<bool()> hurry_asked;  ///< and do not wait for that
  std::function<void(const Refusal&)> give_up;  ///< after the grace: refuse whatever is still open
};

struct HttpOptions {
  Fd listener;
  std::filesystem::path folder;  ///< of uploads
  UploadBudget* uploads = nullptr;
  int* in_progress = nullptr;  ///< kept at the number of requests that are not answered yet
  int connections = 512;
  TrustedProxies proxies = {};
  std::vector<std::string> origins = {};  ///< whose pages may ask as well
  std::string root_path = {};
  std::chrono::milliseconds head_time, body_time;
  Pace pace = {};  ///< of bodies, and of whoever reads answers
  std::chrono::milliseconds request_time;
  /// request_time begins with the request line; else with the last byte of the body.
  bool deadline_from_first_byte = false;
  std::chrono::milliseconds grace;
};

/// Serves until it is asked to stop. io_failed where it cannot begin.
[[nodiscard]] Expected<void> ServeHttp(HttpOptions options, HttpHandlers handlers,
                                       Reactor& reactor);

}  // namespace hdrp
