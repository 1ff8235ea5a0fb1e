// The running service: socket, workers, results, until SIGTERM or SIGINT.
#pragma once

#include "base/error.h"
#include "service/config.h"

namespace hdrp {

/// Says on standard output where it listens, and logs one JSON object per line on standard error.
/// Returns when it was stopped and everything is answered, or after the grace. Blocks the signals
/// that it takes: call it before any thread is started.
[[nodiscard]] Expected<void> Serve(ServiceConfig config);

/// $XDG_RUNTIME_DIR, else $TMPDIR, else /tmp.
[[nodiscard]] std::filesystem::path DefaultServiceFolder();

}  // namespace hdrp
