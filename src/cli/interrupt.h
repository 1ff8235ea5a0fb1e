// Ctrl-C and SIGTERM as a stop request, so that a run ends at the next row band and leaves nothing
// half-written.
#pragma once

#include <stop_token>
#include <thread>

namespace hdrp {

/// While it lives, SIGINT and SIGTERM request a stop on token(). Make one, before any other thread.
class InterruptWatch {
 public:
  InterruptWatch();
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;
  ~InterruptWatch();
  [[nodiscard]] std::stop_token token() const { return source_.get_token(); }

 private:
  std::stop_source source_;
  std::jthread watcher_;
};

}  // namespace hdrp
