// What operators see: numbers that can be read, and lines that hold nothing of anybody's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <set>
#include <sstream>

#include "base/formatted.h"
#include "service/support/expect.h"
#include "service/support/multipart.h"
#include "service/support/pictures.h"
#include "service/support/process_facts.h"
#include "service/support/running_service.h"
#include "support/corpus.h"
#include "support/program.h"

namespace hdrp::test {
namespace {

/// Answers of every kind, with words in them that belong to the client.
void AskALot(int port) {
  (void)Post(port, "/process", {{"img", PairOf().edit, "SECRET.jpg"}});
  (void)Post(port, "/process", {{"img", "SECRET", "SECRET.jpg"}});
  (void)Post(port, "/process", Predicted({{"SECRET", "SECRET"}}));
  (void)Post(port, "/process", Predicted({{"boost", "SECRET"}}));
  (void)Get(port, "/SECRET");
  (void)Get(port, "/result/SECRET?id=SECRET");
  (void)Get(port, "/healthz", "Origin: http://SECRET\r\nReferer: SECRET\r\n");
  (void)Get(port, "/metrics", "Origin: http://SECRET\r\nUser-Agent: SECRET\r\n");
  (void)Ask(port, Head("SECRET", "/healthz"));
  (void)Ask(port, "GET /SECRET HTTP/1.1\r\n\r\n");
}

/// Takes letters and underscores off the front. False where there are none.
bool TakeName(std::string_view& text) {
  const std::size_t size =
      std::min(text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), text.size());
  text.remove_prefix(size);
  return size > 0;
}

bool Take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

/// What we count, and what every process is asked for.
bool TakePrefix(std::string_view& line) {
  return Take(line, "hdr_process_") || Take(line, "process_");
}

/// `# HELP hdr_process_name words` or the same with TYPE.
bool IsComment(std::string_view line) {
  return (Take(line, "# HELP ") || Take(line, "# TYPE ")) && TakePrefix(line) && TakeName(line) &&
         Take(line, " ") && !line.empty();
}

/// `name="value"`, with nothing in the value that would have to be escaped.
bool TakeLabel(std::string_view& line) {
  if (!TakeName(line) || !Take(line, "=\"")) return false;
  const std::size_t end = line.find_first_of("\"\\\n");
  if (end == std::string_view::npos) return false;
  line.remove_prefix(end);
  return Take(line, "\"");
}

/// `hdr_process_name{a="b",c="d"} 1.5`
bool IsSample(std::string_view line) {
  if (!TakePrefix(line) || !TakeName(line)) return false;
  if (Take(line, "{")) {
    do {
      if (!TakeLabel(line)) return false;
    } while (Take(line, ","));
    if (!Take(line, "}")) return false;
  }
  if (!Take(line, " ") || line.empty()) return false;
  const std::string number(line);
  char* end = nullptr;
  (void)std::strtod(number.c_str(), &end);
  return end == number.c_str() + number.size();
}

TEST(Metrics, EveryLineIsOne) {
  const RunningService service;
  AskALot(service.port());
  const Answer answer = Get(service.port(), "/metrics");
  EXPECT_THAT(answer.Header("content-type"), testing::StartsWith("text/plain; version=0.0.4"));
  std::istringstream lines(answer.body);
  std::set<std::string> seen;
  for (std::string line; std::getline(lines, line);) {
    EXPECT_TRUE(line.starts_with('#') ? IsComment(line) : IsSample(line)) << line;
    if (line.starts_with('#')) continue;
    EXPECT_TRUE(seen.insert(line.substr(0, line.rfind(' '))).second) << "twice: " << line;
  }
  EXPECT_GT(seen.size(), 20U);
  EXPECT_THAT(answer.body, testing::Not(testing::HasSubstr("SECRET")));
}

TEST(Metrics, CountWhatWasAsked) {
  const RunningService service;
  const int port = service.port();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Post(port, "/process", Predicted()).status, 200);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(Get(port, "/nothing").status, 404);
  // An answer is counted once it is sent, which its reader may notice first.
  const auto counts = [&](std::string_view name, double wanted) {
    return Eventually([&] { return MetricOf(port, name) == wanted; }, std::chrono::seconds(5));
  };
  EXPECT_TRUE(
      counts(R"(hdr_process_requests_total{route="/process",method="POST",status="200"})", 3));
  EXPECT_TRUE(counts(R"(hdr_process_requests_total{route="other",method="GET",status="404"})", 2));
  EXPECT_TRUE(counts(R"(hdr_process_errors_total{type="not_found"})", 2));
  EXPECT_TRUE(counts(R"(hdr_process_request_duration_seconds_count{route="/process"})", 3));
  EXPECT_TRUE(counts("hdr_process_store_results", 3));
  EXPECT_TRUE(counts("hdr_process_requests_in_progress", 1));
}

TEST(Metrics, RefusalsAreCountedByReason) {
  const RunningService service({"--max-image", "0.001"});
  const int port = service.port();
  const auto refusals = [port](std::string_view reason) {
    return MetricOf(port, Formatted("hdr_process_refusals_total{{reason=\"{}\"}}", reason));
  };
  for (const std::string_view reason : {"busy", "stopping", "upload_timeout", "too_large"}) {
    EXPECT_EQ(refusals(reason), 0) << reason;
  }
  (void)Get(port, "/nothing");
  (void)Get(port, "/metrics", "Origin: http://evil.example\r\n");
  (void)Ask(port, "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n");
  (void)Post(port, "/process", Predicted());
  for (const std::string_view reason :
       {"not_found", "foreign_origin", "foreign_host", "too_large"}) {
    EXPECT_TRUE(Eventually([&] { return refusals(reason) == 1; })) << reason;
  }
}

TEST(Metrics, TellOfTheProcessWhatTheKernelDoes) {
  const RunningService service;
  const int port = service.port();
  const auto metric = [port](std::string_view name) { return MetricOf(port, name); };
  EXPECT_GE(metric("process_cpu_seconds_total"), 0);
  EXPECT_NEAR(metric("process_resident_memory_bytes"),
              static_cast<double>(ResidentBytes(service.pid())), 8e6);
  EXPECT_GE(metric("process_virtual_memory_bytes"), metric("process_resident_memory_bytes"));
  EXPECT_NEAR(metric("process_open_fds"), static_cast<double>(OpenFilesOf(service.pid())), 3);
  EXPECT_GT(metric("process_max_fds"), metric("process_open_fds"));
  EXPECT_NEAR(metric("process_start_time_seconds"), static_cast<double>(std::time(nullptr)), 120);
}

TEST(Metrics, PrometheusFindsNothingToSay) {
  HDRP_NEEDS_PROGRAM("promtool", "promtool");
  const RunningService service;
  AskALot(service.port());
  EXPECT_EQ(Post(service.port(), "/process", Referenced()).status, 200);
  EXPECT_EQ(Post(service.port(), "/inspect", Predicted()).status, 200);
  const std::string text = Get(service.port(), "/metrics").body;
  EXPECT_THAT(text, testing::HasSubstr("hdr_process_build_info{version=\""));
  EXPECT_THAT(text,
              testing::HasSubstr("hdr_process_stage_duration_seconds_bucket{stage=\"verify\",le="));
  const auto check = [](std::string_view metrics) {
    const ScratchFolder folder;
    const std::string file = folder / "metrics";
    WriteWhole(file, {metrics.begin(), metrics.end()});
    return RunProgram({"sh", "-c", "exec promtool check metrics <\"$0\"", file});
  };
  const ProgramRun run = check(text);
  EXPECT_EQ(run.status, 0) << run.out << run.err;
  EXPECT_EQ(run.out + run.err, "");
  EXPECT_NE(check("# TYPE hdr_process_seconds counter\nhdr_process_seconds 1\n").status, 0)
      << "it can find something";
}

TEST(Log, LinesAreJsonAndHoldNothingOfTheClients) {
  RunningService service;
  AskALot(service.port());
  const Answer known = Get(service.port(), "/healthz");
  service.Signal(15);
  EXPECT_EQ(service.Await(std::chrono::seconds(20)), 0);
  const std::string log = service.Log();
  EXPECT_THAT(log, testing::Not(testing::HasSubstr("SECRET")));
  EXPECT_THAT(log, testing::HasSubstr(known.Header("x-request-id")));
  std::istringstream lines(log);
  std::vector<std::string> events;
  for (std::string line; std::getline(lines, line);) {
    const nlohmann::json json = nlohmann::json::parse(line, nullptr, false);
    ASSERT_TRUE(json.is_object()) << line;
    EXPECT_TRUE(json["time"].is_string());
    events.push_back(json.value("event", ""));
    if (events.back() != "request") continue;
    for (const char* key : {"request_id", "method", "route", "status", "bytes_in", "ms"}) {
      EXPECT_TRUE(json.contains(key)) << line;
    }
  }
  ASSERT_GE(events.size(), 12U);
  EXPECT_EQ(events.front(), "start");
  EXPECT_EQ(events.back(), "stop");
}

}  // namespace
}  // namespace hdrp::test
