#include "cli/interrupt.h"

#include <pthread.h>
#include <signal.h>

namespace hdrp {
namespace {

/// Wakes the watcher at the end; no other thread ever gets it.
constexpr int kWakeSignal = SIGUSR1;

[[nodiscard]] sigset_t WatchedSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, kWakeSignal);
  return signals;
}

}  // namespace

// A watcher thread rather than a handler: request_stop() is not async-signal-safe.
InterruptWatch::InterruptWatch() {
  const sigset_t signals = WatchedSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  watcher_ = std::jthread([this, signals] {
    int signal = 0;
    while (sigwait(&signals, &signal) == 0 && signal != kWakeSignal) source_.request_stop();
  });
}

InterruptWatch::~InterruptWatch() { pthread_kill(watcher_.native_handle(), kWakeSignal); }

}  // namespace hdrp
