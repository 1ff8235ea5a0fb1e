// A service of our own on a port of its own, in a folder of its own, which never outlives its
// scope.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "service/support/process_facts.h"
#include "support/program.h"

namespace hdrp::test {

using Flags = std::vector<std::string>;

struct ServicePlace {
  std::string program = OurProgram();
  /// The folder is a file system of this many bytes, in a user namespace; 0: an ordinary folder.
  std::uint64_t file_system_bytes = 0;
  /// No file may grow beyond it; 0: no limit.
  std::uint64_t max_file_bytes = 0;
  std::string bind = "127.0.0.1:0";
};

class RunningService {
 public:
  /// Waits until it listens; port() is 0 where it does not come to that.
  explicit RunningService(const Flags& flags = {}, const ServicePlace& place = {});
  RunningService(const RunningService&) = delete;
  RunningService& operator=(const RunningService&) = delete;
  /// SIGTERM, and SIGKILL where that does not help. A sanitizer's complaint fails the test.
  ~RunningService();

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] std::vector<pid_t> Workers() const { return ChildrenOf(pid_); }
  /// The first worker, once it runs our program: it may take a moment. 0: there is none.
  [[nodiscard]] pid_t AnyWorker() const;
  /// Names in the folder it was given.
  [[nodiscard]] std::vector<std::string> Files() const { return folder_.Files(); }
  [[nodiscard]] std::string folder() const { return folder_.path().string(); }
  [[nodiscard]] std::vector<std::string> UnnamedFiles() const {
    return UnnamedFilesOf(pid_, folder());
  }
  /// All that it wrote to standard error.
  [[nodiscard]] std::string Log() const;

  void Signal(int signal) const;
  /// Exit status (128 + signal where it was killed) once it ends; nullopt where it does not.
  [[nodiscard]] std::optional<int> Await(std::chrono::milliseconds limit);

 private:
  void Stop();
  void Start(const Flags& flags, const ServicePlace& place);

  ScratchFolder folder_, notes_;
  pid_t pid_ = -1;
  int port_ = 0;
  std::optional<int> status_;
};

void Pause(std::chrono::milliseconds time);

/// Asks again and again until it holds. False after the limit.
template <typename Condition>
[[nodiscard]] bool Eventually(Condition&& holds,
                              std::chrono::milliseconds limit = std::chrono::seconds(20)) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    Pause(std::chrono::milliseconds(10));
  }
  return true;
}

}  // namespace hdrp::test
