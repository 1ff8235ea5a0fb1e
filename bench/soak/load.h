// Clients side by side for a while, and what the service's memory does meanwhile.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "service/support/running_service.h"
#include "soak/crowd.h"

namespace hdrp::soak {

struct KindCount {
  long as_it_should = 0, busy = 0, wrong = 0;
};

struct LoadResult {
  std::map<std::string, KindCount> kinds;
  std::vector<std::string> complaints;  ///< the first few
  /// For each minute: the mean of service and workers together, and of the service alone.
  std::vector<double> mean_mb, service_mean_mb;
  double seconds = 0;
  Greedy greedy;  ///< four clients that want all there is, beside the others
};

[[nodiscard]] LoadResult RunLoad(const test::RunningService& service, std::chrono::seconds time,
                                 int clients);

}  // namespace hdrp::soak
