// Many clients at once, or of unlike kinds: what the queue is for.
#pragma once

#include <stop_token>
#include <vector>

namespace hdrp::soak {

/// Predicted jobs at 1024 x 768, so many in all, so many at a time.
struct Burst {
  int served = 0, busy = 0, other = 0;
  double seconds = 0;
};
[[nodiscard]] Burst RunBurst(int port, int jobs, int at_a_time);

/// Sorted: how long JPEG jobs took beside AVIF ones of the same picture, from one address.
struct Mixed {
  std::vector<double> jpeg_ms, avif_ms;
};
[[nodiscard]] Mixed RunMixed(int port, double seconds);

/// One client (an address of this machine) with 40 requests at a time, until it is asked to stop.
struct Greedy {
  long served = 0, busy = 0, other = 0;
};
[[nodiscard]] Greedy BeGreedy(const std::stop_token& stop, int port, const char* address);

}  // namespace hdrp::soak
