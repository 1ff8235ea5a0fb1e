#include "service/metrics.h"

#include <string>

#include "base/formatted.h"

namespace hdrp {
namespace {

void Head(std::string& text, std::string_view name, std::string_view type, std::string_view help) {
  text += Formatted("# HELP hdr_process_{0} {2}\n# TYPE hdr_process_{0} {1}\n", name, type, help);
}

template <typename Number>
void Single(std::string& text, std::string_view name, std::string_view type, std::string_view help,
            Number value) {
  Head(text, name, type, help);
  text += Formatted("hdr_process_{} {}\n", name, value);
}

}  // namespace

void Metrics::Count(std::string_view route, std::string_view method, int status,
                    std::string_view code, double seconds) {
  ++requests_[{std::string(route), std::string(method), status}];
  if (!code.empty()) ++errors_[std::string(code)];
  Durations& durations = durations_[std::string(route)];
  ++durations.count;
  durations.sum += seconds;
  for (std::size_t i = 0; i < kBounds.size(); ++i) {
    if (seconds > kBounds[i]) continue;
    ++durations.counts[i];
    break;
  }
}

void Metrics::CountStage(std::string_view stage, double seconds) {
  auto& [count, sum] = stages_[std::string(stage)];
  ++count;
  sum += seconds;
}

std::string Metrics::Text(const Gauges& gauges) const {
  std::string text;
  Head(text, "requests_total", "counter", "Answers given.");
  for (const auto& [key, count] : requests_) {
    const auto& [route, method, status] = key;
    text += Formatted("hdr_process_requests_total{{route=\"{}\",method=\"{}\",status=\"{}\"}} {}\n",
                      route, method, status, count);
  }
  Head(text, "errors_total", "counter", "Answers that were errors, by id.");
  for (const auto& [code, count] : errors_) {
    text += Formatted("hdr_process_errors_total{{type=\"{}\"}} {}\n", code, count);
  }
  Head(text, "request_duration_seconds", "histogram",
       "From the request line to the last byte of the answer.");
  for (const auto& [route, durations] : durations_) {
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < kBounds.size(); ++i) {
      below += durations.counts[i];
      text +=
          Formatted("hdr_process_request_duration_seconds_bucket{{route=\"{}\",le=\"{}\"}} {}\n",
                    route, kBounds[i], below);
    }
    text += Formatted(
        "hdr_process_request_duration_seconds_bucket{{route=\"{0}\",le=\"+Inf\"}} {1}\n"
        "hdr_process_request_duration_seconds_sum{{route=\"{0}\"}} {2}\n"
        "hdr_process_request_duration_seconds_count{{route=\"{0}\"}} {1}\n",
        route, durations.count, durations.sum);
  }
  Head(text, "stage_duration_seconds", "summary", "Of jobs that were done, by stage.");
  for (const auto& [stage, total] : stages_) {
    text += Formatted(
        "hdr_process_stage_duration_seconds_sum{{stage=\"{0}\"}} {1}\n"
        "hdr_process_stage_duration_seconds_count{{stage=\"{0}\"}} {2}\n",
        stage, total.second, total.first);
  }
  Single(text, "requests_in_progress", "gauge", "Requests begun and not yet answered.",
         gauges.requests_in_progress);
  Single(text, "workers", "gauge", "Worker processes that may run.", gauges.pool.workers);
  Single(text, "workers_busy", "gauge", "Worker processes with a job.", gauges.pool.busy);
  Single(text, "queue_length", "gauge", "Jobs that wait for a worker.", gauges.pool.queued);
  Single(text, "queue_seconds", "gauge", "Until all that waits is expected to be done.",
         gauges.pool.seconds_left);
  Single(text, "worker_kills_total", "counter",
         "Workers ended at a deadline or for a client that left.", gauges.pool.killed);
  Single(text, "worker_deaths_total", "counter", "Workers that ended unasked.", gauges.pool.died);
  Single(text, "store_bytes", "gauge", "Bytes of results that can be fetched.", gauges.store_bytes);
  Single(text, "store_results", "gauge", "Results that can be fetched.", gauges.store_results);
  Single(text, "upload_bytes", "gauge", "Bytes of uploads that are on their way or in work.",
         gauges.upload_bytes);
  return text;
}

}  // namespace hdrp
