#include "service/metrics.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/formatted.h"
#include "base/version.h"
#include "pipeline/stage_clock.h"
#include "service/exposition.h"
#include "service/http/refusal.h"

namespace hdrp {
namespace {

[[nodiscard]] bool IsKnownStage(std::string_view stage) {
  return stage == "queue" || std::ranges::contains(kStageNames, stage);
}

/// Those of nothing but a label.
void AddByLabel(std::string& text, std::string_view name, std::string_view label,
                const std::map<std::string, std::uint64_t>& counts) {
  for (const auto& [value, count] : counts) {
    text += Formatted("{}{{{}=\"{}\"}} {}\n", name, label, value, count);
  }
}

void AddGauges(std::string& text, const Metrics::Gauges& gauges) {
  const PoolState& pool = gauges.pool;
  AddSingle(text, "hdr_process_requests_in_progress", "gauge",
            "Requests begun and not yet answered.", gauges.requests_in_progress);
  AddSingle(text, "hdr_process_workers", "gauge", "Worker processes that may run.", pool.workers);
  AddSingle(text, "hdr_process_workers_busy", "gauge", "Worker processes with a job.", pool.busy);
  AddSingle(text, "hdr_process_queue_length", "gauge", "Jobs that wait for a worker.", pool.queued);
  AddSingle(text, "hdr_process_queue_seconds", "gauge",
            "Until all that waits is expected to be done.", pool.seconds_left);
  AddSingle(text, "hdr_process_worker_kills_total", "counter",
            "Workers ended at a deadline or for a client that left.", pool.killed);
  AddSingle(text, "hdr_process_worker_deaths_total", "counter", "Workers that ended unasked.",
            pool.died);
  AddSingle(text, "hdr_process_store_bytes", "gauge", "Bytes of results that can be fetched.",
            gauges.store_bytes);
  AddSingle(text, "hdr_process_store_results", "gauge", "Results that can be fetched.",
            gauges.store_results);
  AddSingle(text, "hdr_process_upload_bytes", "gauge",
            "Bytes of uploads that are on their way or in work.", gauges.upload_bytes);
}

}  // namespace

/// Each refusal is there from the beginning: a rate needs a zero to start from.
Metrics::Metrics() {
  for (const ErrorKind& kind : kErrorKinds) {
    if (IsRefusal(kind.http_status)) refusals_[std::string(kind.id)] = 0;
  }
  for (const ServiceErrorKind& kind : kServiceErrorKinds) {
    // Foreign names and pages are counted apart.
    if (IsRefusal(kind.http_status) && kind.code != ServiceCode::kForbiddenOrigin) {
      refusals_[std::string(kind.id)] = 0;
    }
  }
  for (const std::string_view reason : kReasons) refusals_[std::string(reason)] = 0;
}

void Metrics::Durations::Add(double seconds) {
  ++count;
  sum += seconds;
  const auto* const bound = std::ranges::find_if(kBounds, [=](double b) { return seconds <= b; });
  if (bound != kBounds.end()) ++counts[static_cast<std::size_t>(bound - kBounds.begin())];
}

void Metrics::Count(std::string_view route, std::string_view method, int status,
                    std::string_view code, double seconds) {
  ++requests_[{std::string(route), std::string(method), status}];
  if (!code.empty()) ++errors_[std::string(code)];
  durations_[std::string(route)].Add(seconds);
}

void Metrics::CountStage(std::string_view stage, double seconds) {
  if (!std::isfinite(seconds) || seconds < 0) return;
  stages_[std::string(IsKnownStage(stage) ? stage : "other")].Add(seconds);
}

void Metrics::AddHistogram(std::string& text, std::string_view name, std::string_view label,
                           const std::map<std::string, Durations>& all) {
  for (const auto& [value, durations] : all) {
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < kBounds.size(); ++i) {
      below += durations.counts[i];
      text +=
          Formatted("{}_bucket{{{}=\"{}\",le=\"{}\"}} {}\n", name, label, value, kBounds[i], below);
    }
    text += Formatted(
        "{0}_bucket{{{1}=\"{2}\",le=\"+Inf\"}} {3}\n"
        "{0}_sum{{{1}=\"{2}\"}} {4}\n"
        "{0}_count{{{1}=\"{2}\"}} {3}\n",
        name, label, value, durations.count, durations.sum);
  }
}

void Metrics::AddCounters(std::string& text) const {
  AddHead(text, "hdr_process_requests_total", "counter", "Answers given.");
  for (const auto& [key, count] : requests_) {
    const auto& [route, method, status] = key;
    text += Formatted("hdr_process_requests_total{{route=\"{}\",method=\"{}\",status=\"{}\"}} {}\n",
                      route, method, status, count);
  }
  AddHead(text, "hdr_process_errors_total", "counter", "Answers that were errors, by id.");
  AddByLabel(text, "hdr_process_errors_total", "type", errors_);
  AddHead(text, "hdr_process_refusals_total", "counter",
          "Requests that were refused (4xx and 503), by reason.");
  AddByLabel(text, "hdr_process_refusals_total", "reason", refusals_);
}

std::string Metrics::Text(const Gauges& gauges) const {
  std::string text;
  AddHead(text, "hdr_process_build_info", "gauge", "1, with what runs as labels.");
  text += Formatted("hdr_process_build_info{{version=\"{}\"}} 1\n", kVersion);
  AddCounters(text);
  AddHead(text, "hdr_process_request_duration_seconds", "histogram",
          "From the request line to the last byte of the answer.");
  AddHistogram(text, "hdr_process_request_duration_seconds", "route", durations_);
  AddHead(text, "hdr_process_stage_duration_seconds", "histogram",
          "Of jobs that were done, by stage.");
  AddHistogram(text, "hdr_process_stage_duration_seconds", "stage", stages_);
  AddGauges(text, gauges);
  return text;
}

}  // namespace hdrp
