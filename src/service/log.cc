#include "service/log.h"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <format>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/formatted.h"

namespace hdrp {
namespace {

using Json = nlohmann::ordered_json;

void Write(std::string_view event, Json fields) {
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  Json line{{"time", std::format("{:%FT%TZ}", now)}, {"event", event}};
  line.update(fields);
  const std::string text = line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  std::fwrite(text.data(), 1, text.size(), stderr);
}

}  // namespace

void LogStart(std::string_view address, int workers) {
  Write("start", {{"address", address}, {"workers", workers}});
}

void LogStop(std::string_view why) { Write("stop", {{"why", why}}); }

void LogRequest(const HttpRecord& record, std::string_view route) {
  Json fields{{"request_id", record.request_id},
              {"method", record.method},
              {"route", route},
              {"status", record.status},
              {"bytes_in", record.bytes_in},
              {"ms", std::round(record.seconds * 1e4) / 10}};
  if (!record.code.empty()) fields["code"] = record.code;
  Write("request", std::move(fields));
}

}  // namespace hdrp
