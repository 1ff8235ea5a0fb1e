// Some libraries print on standard error, which belongs to the front doors: Debian's libjxl a trace
// of every broken file, dav1d under libavif its own, Debian's ONNX Runtime hundreds of lines at its
// start. There is no switch for it, so the descriptor points elsewhere while they work.
#pragma once

#include <fcntl.h>
#include <unistd.h>

namespace hdrp {

/// For the scope: what anybody in the process writes to standard error is lost. (A sanitizer's
/// report too; its exit status is not.)
class SilencedStderr {
 public:
  SilencedStderr() : kept_(fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)) {
    if (kept_ < 0) return;
    const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nowhere < 0) return;
    dup2(nowhere, STDERR_FILENO);
    close(nowhere);
  }
  SilencedStderr(const SilencedStderr&) = delete;
  SilencedStderr& operator=(const SilencedStderr&) = delete;
  ~SilencedStderr() {
    if (kept_ < 0) return;
    dup2(kept_, STDERR_FILENO);
    close(kept_);
  }

 private:
  int kept_;
};

}  // namespace hdrp
