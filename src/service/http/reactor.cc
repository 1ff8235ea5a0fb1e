#include "service/http/reactor.h"

#include <errno.h>
#include <sys/epoll.h>

#include <array>
#include <cstring>
#include <utility>

namespace hdrp {

Expected<Reactor> Reactor::Make() {
  Fd epoll(epoll_create1(EPOLL_CLOEXEC));
  if (!epoll.valid()) {
    return Fail(ErrorCode::kIoFailed, "service", "no epoll: {}", std::strerror(errno));
  }
  return Reactor(std::move(epoll));
}

bool Reactor::Watch(int descriptor, std::uint32_t events, Callback callback) {
  epoll_event event{};
  event.events = events;
  event.data.fd = descriptor;
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, descriptor, &event) != 0) return false;
  watchers_[descriptor] = std::move(callback);
  return true;
}

void Reactor::Unwatch(int descriptor) {
  if (watchers_.erase(descriptor) == 0) return;
  epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, descriptor, nullptr);
}

void Reactor::RunOnce(std::chrono::milliseconds at_most) {
  std::array<epoll_event, 64> events{};
  const int count = epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()),
                               static_cast<int>(at_most.count()));
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    const auto found = watchers_.find(event.data.fd);
    if (found == watchers_.end()) continue;   // an earlier callback of this round unwatched it
    const Callback callback = found->second;  // it may unwatch itself
    callback(event.events);
  }
}

}  // namespace hdrp
