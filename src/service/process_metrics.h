// The service's own process, under the names that every dashboard knows. Its workers are not in it.
#pragma once

#include <string>

namespace hdrp {

/// process_cpu_seconds_total and its like, as /metrics has them; without those that the system does
/// not tell.
[[nodiscard]] std::string ProcessMetrics();

}  // namespace hdrp
