// The worker process: one job at a time from a socket, until the service closes it.
#pragma once

#include <string_view>

namespace hdrp {

/// The number under which a worker finds its socket.
inline constexpr int kWorkerSocket = 3;

/// The hidden verb `worker`, with the number of bytes of memory it may have. Returns the exit
/// status.
[[nodiscard]] int RunWorker(std::string_view memory_bytes);

}  // namespace hdrp
