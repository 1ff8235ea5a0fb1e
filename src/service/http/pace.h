// How fast a transfer has to move: so much a second on average, from when it has had time to begin.
#pragma once

#include <chrono>
#include <cstdint>

namespace hdrp {

struct Pace {
  std::uint64_t bytes_per_second = 64'000;
  /// Before it is asked for: connections start slowly, and phones change cells.
  std::chrono::milliseconds allowance{5'000};

  [[nodiscard]] bool IsKept(std::uint64_t bytes, std::chrono::steady_clock::duration since) const {
    const double seconds = std::chrono::duration<double>(since - allowance).count();
    return static_cast<double>(bytes) >= seconds * static_cast<double>(bytes_per_second);
  }
};

}  // namespace hdrp
