// What the service adds to a job: the same job asked over HTTP, run as a command and called
// in-process, in turn, so that the machine's other work falls on all three.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hdrp::soak {

struct Latencies {
  /// Sorted. The service's answer is the container, as the others' is; `kept`: a result with
  /// preview, map and report, kept until it is fetched.
  std::vector<double> service_ms, kept_ms, command_ms, library_ms;
};

enum class JobMode : std::uint8_t { kPredict, kReference };

/// At 1024 x 768; an empty result where one of them fails.
[[nodiscard]] Latencies MeasureLatency(int port, const std::string& program, JobMode mode,
                                       int rounds);

/// `share` of the sorted values lie below: 0.5, 0.99.
[[nodiscard]] double Quantile(const std::vector<double>& sorted, double share);

}  // namespace hdrp::soak
