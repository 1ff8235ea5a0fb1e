// The listening socket, and a client's look at it.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"
#include "service/worker/fd.h"

namespace hdrp {

/// Listens on "ADDRESS:PORT" or "[V6]:PORT"; port 0: any. bad_argument where it is no such thing,
/// io_failed where it cannot be had (another program has it).
[[nodiscard]] Expected<Fd> Listen(const std::string& bind);

/// "127.0.0.1:40123", as it is in the end.
[[nodiscard]] std::string AddressOf(int socket);

/// Asks the service at this address for /healthz. io_failed unless it says that it runs.
[[nodiscard]] Expected<void> CheckHealth(const std::string& bind);

}  // namespace hdrp
