// compare [-n RUNS] COMMAND... --vs COMMAND...
//
// Runs two commands in turn (A B A B ...) after one warm-up each and prints one line:
//   <median user+system CPU seconds of A> <of B> <median of the pairs' ratios A/B> <peak KiB of A>
// Output of the commands goes to /dev/null. Exit status 1 where a run fails.
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <vector>

namespace {

struct Usage {
  double cpu_seconds = 0;
  long peak_kib = 0;
};

Usage RunOnce(std::span<char*> command) {
  std::vector<char*> argv(command.begin(), command.end());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    posix_spawn_file_actions_addopen(&actions, fd, "/dev/null",
                                     fd == STDIN_FILENO ? O_RDONLY : O_WRONLY, 0);
  }
  pid_t child = 0;
  if (posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ) != 0) {
    std::fprintf(stderr, "compare: cannot start %s\n", argv[0]);
    std::exit(1);
  }
  posix_spawn_file_actions_destroy(&actions);
  int status = 0;
  rusage usage{};
  wait4(child, &status, 0, &usage);
  if (status != 0) {
    std::fprintf(stderr, "compare: %s ended with wait status %d\n", argv[0], status);
    std::exit(1);
  }
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return {seconds(usage.ru_utime) + seconds(usage.ru_stime), usage.ru_maxrss};
}

double Median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  std::span<char*> words(argv + 1, static_cast<std::size_t>(argc - 1));
  int runs = 5;
  if (words.size() > 2 && std::strcmp(words[0], "-n") == 0) {
    runs = std::atoi(words[1]);
    words = words.subspan(2);
  }
  const auto vs = std::ranges::find_if(words, [](char* w) { return std::strcmp(w, "--vs") == 0; });
  const auto split = static_cast<std::size_t>(vs - words.begin());
  if (vs == words.end() || split == 0 || split + 1 == words.size() || runs < 1) {
    std::fprintf(stderr, "usage: compare [-n RUNS] COMMAND... --vs COMMAND...\n");
    return 2;
  }
  const std::span<char*> a = words.first(split);
  const std::span<char*> b = words.subspan(split + 1);
  (void)RunOnce(a);
  (void)RunOnce(b);
  std::vector<double> cpu_a;
  std::vector<double> cpu_b;
  std::vector<double> ratios;
  long peak = 0;
  for (int i = 0; i < runs; ++i) {
    const Usage one = RunOnce(a);
    const Usage other = RunOnce(b);
    cpu_a.push_back(one.cpu_seconds);
    cpu_b.push_back(other.cpu_seconds);
    ratios.push_back(one.cpu_seconds / other.cpu_seconds);
    peak = std::max(peak, one.peak_kib);
  }
  std::printf("%.4f %.4f %.4f %ld\n", Median(cpu_a), Median(cpu_b), Median(ratios), peak);
  return 0;
}
