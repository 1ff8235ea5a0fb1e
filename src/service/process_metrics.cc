#include "service/process_metrics.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "service/exposition.h"

namespace hdrp {
namespace {

/// Of /proc, whose files do not tell their size.
[[nodiscard]] std::string FileText(const char* path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path, "re"), &std::fclose);
  if (file == nullptr) return {};
  constexpr std::size_t kMax = 1 << 20;
  std::string text;
  std::array<char, 4096> piece{};
  for (std::size_t got = 0; text.size() < kMax; text.append(piece.data(), got)) {
    got = std::fread(piece.data(), 1, piece.size(), file.get());
    if (got == 0) break;
  }
  return text;
}

[[nodiscard]] std::uint64_t NumberAt(std::string_view text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

struct ProcessFacts {
  double cpu_seconds = 0, since_boot = 0;
  std::uint64_t virtual_bytes = 0, resident_bytes = 0;
};
[[nodiscard]] std::optional<ProcessFacts> ReadStat() {
  const std::string text = FileText("/proc/self/stat");
  // The name is in parentheses and may hold anything; the fields behind it are proc(5)'s from 3 on.
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::vector<std::string_view> fields;
  std::string_view rest = std::string_view(text).substr(name_end + 1);
  while (rest.starts_with(' ')) {
    rest.remove_prefix(1);
    const std::size_t end = std::min(rest.find(' '), rest.size());
    fields.push_back(rest.substr(0, end));
    rest.remove_prefix(end);
  }
  if (fields.size() < 22) return std::nullopt;
  const auto field = [&](std::size_t number) { return NumberAt(fields[number - 3]); };
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  return ProcessFacts{static_cast<double>(field(14) + field(15)) / ticks,
                      static_cast<double>(field(22)) / ticks, field(23),
                      field(24) * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE))};
}

/// Seconds since 1970; 0 where it is not told.
[[nodiscard]] std::uint64_t BootTime() {
  const std::string text = FileText("/proc/stat");
  constexpr std::string_view kMark = "\nbtime ";
  const std::size_t found = text.find(kMark);
  return found == std::string::npos ? 0
                                    : NumberAt(std::string_view(text).substr(found + kMark.size()));
}

[[nodiscard]] std::optional<std::uint64_t> OpenDescriptors() {
  std::error_code error;
  std::uint64_t count = 0;
  std::filesystem::directory_iterator each("/proc/self/fd", error);
  for (; !error && each != std::filesystem::directory_iterator(); each.increment(error)) ++count;
  if (error || count == 0) return std::nullopt;
  return count - 1;  // the one by which they were read
}

}  // namespace

std::string ProcessMetrics() {
  std::string text;
  if (const std::optional<ProcessFacts> facts = ReadStat()) {
    AddSingle(text, "process_cpu_seconds_total", "counter",
              "Total user and system CPU time spent in seconds.", facts->cpu_seconds);
    AddSingle(text, "process_resident_memory_bytes", "gauge", "Resident memory size in bytes.",
              facts->resident_bytes);
    AddSingle(text, "process_virtual_memory_bytes", "gauge", "Virtual memory size in bytes.",
              facts->virtual_bytes);
    if (const std::uint64_t boot = BootTime(); boot > 0) {
      AddSingle(text, "process_start_time_seconds", "gauge",
                "Start time of the process since unix epoch in seconds.",
                static_cast<double>(boot) + facts->since_boot);
    }
  }
  if (const std::optional<std::uint64_t> open = OpenDescriptors()) {
    AddSingle(text, "process_open_fds", "gauge", "Number of open file descriptors.", *open);
  }
  if (rlimit limit{}; getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    AddSingle(text, "process_max_fds", "gauge", "Maximum number of open file descriptors.",
              limit.rlim_cur);
  }
  return text;
}

}  // namespace hdrp
