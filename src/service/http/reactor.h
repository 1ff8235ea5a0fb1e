// The service's one thread: waits for descriptors and calls whoever watches them.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>

#include "base/error.h"
#include "service/worker/fd.h"

namespace hdrp {

class Reactor {
 public:
  using Callback = std::function<void(std::uint32_t events)>;

  /// io_failed where the system has no descriptor left.
  [[nodiscard]] static Expected<Reactor> Make();

  /// Calls back while `events` (EPOLLIN ...) hold on the descriptor, which stays the caller's.
  /// False where it cannot be watched.
  [[nodiscard]] bool Watch(int descriptor, std::uint32_t events, Callback callback);
  void Unwatch(int descriptor);

  /// Waits for at most this long, and calls back. Callbacks may watch and unwatch.
  void RunOnce(std::chrono::milliseconds at_most);

 private:
  explicit Reactor(Fd epoll) : epoll_(std::move(epoll)) {}
  Fd epoll_;
  std::map<int, Callback> watchers_;
};

}  // namespace hdrp
