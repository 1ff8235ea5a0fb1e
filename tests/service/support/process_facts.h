// What the kernel says of a process.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace hdrp::test {

[[nodiscard]] std::vector<pid_t> ChildrenOf(pid_t pid);
/// Resident bytes now; 0 where it is gone.
[[nodiscard]] std::uint64_t ResidentBytes(pid_t pid);
/// The most it ever was.
[[nodiscard]] std::uint64_t PeakResidentBytes(pid_t pid);
/// User and system time that it has used.
[[nodiscard]] double CpuSecondsOf(pid_t pid);
/// False where it is gone, or dead and not waited for.
[[nodiscard]] bool IsRunning(pid_t pid);
/// Open files without a name below the folder.
[[nodiscard]] std::vector<std::string> UnnamedFilesOf(pid_t pid, const std::string& folder);
[[nodiscard]] std::size_t OpenFilesOf(pid_t pid);

}  // namespace hdrp::test
