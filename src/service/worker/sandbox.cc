#include "service/worker/sandbox.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <malloc.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <string_view>

namespace hdrp {
namespace {

constexpr std::string_view kWhere = "sandbox";

// A sanitizer reserves terabytes of address space for its own purposes.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kCanLimitMemory = false;
#else
constexpr bool kCanLimitMemory = true;
#endif

/// No more than `value`; less where whoever started the service set a lower limit.
[[nodiscard]] bool Limit(__rlimit_resource resource, rlim_t value) {
  rlimit limit{};
  if (getrlimit(resource, &limit) != 0) return false;
  limit.rlim_max = std::min(limit.rlim_max, value);
  limit.rlim_cur = std::min(limit.rlim_cur, limit.rlim_max);
  return setrlimit(resource, &limit) == 0;
}

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
constexpr std::uint32_t kArchitecture = 0;
#endif

/// Connections, programs and other processes' memory; everything else the rlimits and the missing
/// descriptors take care of.
constexpr std::array<std::uint32_t, 11> kDenied = {
    SYS_socket,   SYS_connect, SYS_bind, SYS_listen,           SYS_accept4,          SYS_execve,
    SYS_execveat, SYS_ptrace,  SYS_kill, SYS_process_vm_readv, SYS_process_vm_writev};

/// Denied calls fail with EPERM; calls of another architecture's numbering end the process.
[[nodiscard]] bool DenyCalls() {
  std::array<sock_filter, 6 + 2 * kDenied.size()> program{};
  std::size_t size = 0;
  const auto add = [&](sock_filter line) { program[size++] = line; };
  add(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)));
  add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kArchitecture, 1, 0));
  add(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS));
  add(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)));
  for (const std::uint32_t call : kDenied) {
    add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1));
    add(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM));
  }
  add(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  const sock_fprog filter{static_cast<unsigned short>(size), program.data()};
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

}  // namespace

Expected<void> EnterSandbox(const SandboxLimits& limits) {
  // Each arena of malloc reserves address space of its own.
  mallopt(M_ARENA_MAX, 2);
  signal(SIGXFSZ, SIG_IGN);  // a write beyond the limit fails instead
  const bool limited =
      prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
      (!kCanLimitMemory || Limit(RLIMIT_AS, limits.memory_bytes)) &&
      Limit(RLIMIT_FSIZE, limits.file_bytes) && Limit(RLIMIT_CORE, 0) && Limit(RLIMIT_NOFILE, 64);
  if (!limited) {
    return Fail(ErrorCode::kInternal, kWhere, "the kernel refuses a limit: {}",
                std::strerror(errno));
  }
  // A kernel without filters still has the limits above; containers may forbid nesting them.
  if (kArchitecture != 0 && !DenyCalls() && errno != EINVAL && errno != EACCES) {
    return Fail(ErrorCode::kInternal, kWhere, "cannot filter system calls: {}",
                std::strerror(errno));
  }
  return {};
}

void AllowCpuTime(std::chrono::seconds more) {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  rlimit limit{};
  getrlimit(RLIMIT_CPU, &limit);
  limit.rlim_cur =
      static_cast<rlim_t>(used.ru_utime.tv_sec + used.ru_stime.tv_sec + 1 + more.count());
  setrlimit(RLIMIT_CPU, &limit);
}

}  // namespace hdrp
