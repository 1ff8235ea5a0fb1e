// Counters of the service, as Prometheus reads them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>

#include "service/worker/worker_pool.h"

namespace hdrp {

class Metrics {
 public:
  Metrics();

  /// One answer given. `route` is a pattern ("/result/{id}"), never what a client wrote.
  void Count(std::string_view route, std::string_view method, int status, std::string_view code,
             double seconds);
  /// `reason` is an error's id or one of kReasons (http/refusal.h).
  void CountRefusal(std::string_view reason) { ++refusals_[std::string(reason)]; }
  /// Seconds of each stage of a job, and in the queue. `stage` is a worker's word, and so "other"
  /// where it is none of ours.
  void CountStage(std::string_view stage, double seconds);

  /// The text of /metrics (exposition format 0.0.4).
  struct Gauges {
    PoolState pool;
    int requests_in_progress = 0;
    std::uint64_t store_bytes = 0, store_results = 0, upload_bytes = 0;
  };
  [[nodiscard]] std::string Text(const Gauges& gauges) const;

 private:
  static constexpr std::array kBounds = {0.005, 0.01, 0.025, 0.05, 0.1,  0.25,
                                         0.5,   1.0,  2.5,   5.0,  10.0, 20.0};
  struct Durations {
    std::array<std::uint64_t, kBounds.size()> counts{};  ///< each bound's own, not summed up
    std::uint64_t count = 0;
    double sum = 0;

    void Add(double seconds);
  };
  static void AddHistogram(std::string& text, std::string_view name, std::string_view label,
                           const std::map<std::string, Durations>& all);
  void AddCounters(std::string& text) const;

  std::map<std::tuple<std::string, std::string, int>, std::uint64_t> requests_;
  std::map<std::string, std::uint64_t> errors_, refusals_;
  std::map<std::string, Durations> durations_;  ///< by route
  std::map<std::string, Durations> stages_;
};

}  // namespace hdrp
