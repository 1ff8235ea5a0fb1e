#include "service/support/running_service.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "base/formatted.h"

namespace hdrp::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::string TextOf(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void WriteTo(const char* path, const std::string& text) {
  const int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0 || write(file, text.data(), text.size()) < 0) _exit(98);
  close(file);
}

/// In the child: a small file system over the folder, seen by nobody else.
void MountOver(const std::string& folder, std::uint64_t bytes) {
  const uid_t user = getuid();
  const gid_t group = getgid();
  if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) _exit(97);
  WriteTo("/proc/self/setgroups", "deny");
  WriteTo("/proc/self/uid_map", Formatted("{0} {0} 1", user));
  WriteTo("/proc/self/gid_map", Formatted("{0} {0} 1", group));
  const std::string size = Formatted("size={}", bytes);
  if (mount("tmpfs", folder.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, size.c_str()) != 0) _exit(96);
}

}  // namespace

void Pause(milliseconds time) { std::this_thread::sleep_for(time); }

RunningService::RunningService(const Flags& flags, const ServicePlace& place) {
  Start(flags, place);
  const std::string mark = "listening on http://";
  (void)Eventually(
      [&] {
        const std::string text = TextOf(notes_ / "out");
        const std::size_t found = text.find(mark);
        if (found != std::string::npos && text.ends_with('\n')) {
          port_ = std::atoi(text.c_str() + text.rfind(':') + 1);
        }
        return port_ != 0 || Await(milliseconds(0)).has_value();
      },
      seconds(30));
}

void RunningService::Start(const Flags& flags, const ServicePlace& place) {
  std::vector<std::string> words = {place.program, "serve",    "--bind",
                                    place.bind,    "--folder", folder()};
  words.insert(words.end(), flags.begin(), flags.end());
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const std::string out = notes_ / "out";
  const std::string err = notes_ / "err";
  const std::string folder_name = folder();
  pid_ = fork();
  if (pid_ != 0) return;
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that dies leaves nothing behind
  setpgid(0, 0);
  if (place.file_system_bytes > 0) MountOver(folder_name, place.file_system_bytes);
  if (place.max_file_bytes > 0) {
    const rlimit limit{place.max_file_bytes, place.max_file_bytes};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
  dup2(open(out.c_str(), O_WRONLY | O_CREAT | O_APPEND, S_IRUSR | S_IWUSR), STDOUT_FILENO);
  dup2(open(err.c_str(), O_WRONLY | O_CREAT | O_APPEND, S_IRUSR | S_IWUSR), STDERR_FILENO);
  execvp(arguments[0], arguments.data());
  _exit(127);
}

RunningService::~RunningService() {
  Stop();
  const std::string log = Log();
  EXPECT_EQ(log.find("Sanitizer"), std::string::npos) << log;
  EXPECT_EQ(log.find("runtime error:"), std::string::npos) << log;
}

void RunningService::Stop() {
  if (Await(milliseconds(0))) return;
  for (const pid_t worker : Workers()) kill(worker, SIGCONT);
  kill(pid_, SIGTERM);
  if (Await(seconds(15))) return;
  kill(pid_, SIGKILL);
  (void)Await(seconds(15));
}

pid_t RunningService::AnyWorker() const {
  // Before that it shares the service's memory, and whoever stops it stops the service.
  const auto is_worker = [](pid_t pid) {
    return TextOf(Formatted("/proc/{}/cmdline", pid)).find(std::string("\0worker\0", 8)) !=
           std::string::npos;
  };
  pid_t worker = 0;
  (void)Eventually([&] {
    for (const pid_t child : Workers()) {
      if (is_worker(child)) worker = child;
    }
    return worker != 0;
  });
  return worker;
}

std::string RunningService::Log() const { return TextOf(notes_ / "err"); }

void RunningService::Signal(int signal) const { kill(pid_, signal); }

std::optional<int> RunningService::Await(milliseconds limit) {
  (void)Eventually(
      [this] {
        int status = 0;
        if (!status_ && waitpid(pid_, &status, WNOHANG) == pid_) {
          status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        }
        return status_.has_value();
      },
      limit);
  return status_;
}

}  // namespace hdrp::test
