// What a worker process may not do, whatever the codecs in it are made to do by a hostile file.
#pragma once

#include <chrono>
#include <cstdint>

#include "base/error.h"

namespace hdrp {

struct SandboxLimits {
  std::uint64_t memory_bytes = 2ULL << 30;  ///< of address space
  std::uint64_t file_bytes = 512ULL << 20;  ///< of any file it writes
};

/// For this process, from now on: no new privileges, no network, no other programs, limited memory
/// and files; it dies with its parent. internal where the kernel refuses a limit. System calls are
/// filtered on x86-64 and AArch64 alone.
[[nodiscard]] Expected<void> EnterSandbox(const SandboxLimits& limits);

/// Allows this much more CPU time, all threads together; beyond it SIGXCPU ends the process.
void AllowCpuTime(std::chrono::seconds more);

}  // namespace hdrp
