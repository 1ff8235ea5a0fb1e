#include "service/support/process_facts.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/formatted.h"

namespace hdrp::test {
namespace {

std::uint64_t StatusKib(pid_t pid, const std::string& name) {
  std::ifstream status(Formatted("/proc/{}/status", pid));
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name + ":")) {
      return std::strtoull(line.c_str() + name.size() + 1, nullptr, 10);
    }
  }
  return 0;
}

/// Where each of its descriptors leads.
std::vector<std::string> DescriptorsOf(pid_t pid) {
  std::vector<std::string> targets;
  std::error_code error;
  // Descriptors come and go while they are listed.
  std::filesystem::directory_iterator each(Formatted("/proc/{}/fd", pid), error);
  for (; !error && each != std::filesystem::directory_iterator(); each.increment(error)) {
    std::error_code gone;
    const auto target = std::filesystem::read_symlink(each->path(), gone);
    if (!gone) targets.push_back(target.string());
  }
  return targets;
}

}  // namespace

std::vector<pid_t> ChildrenOf(pid_t pid) {
  std::ifstream list(Formatted("/proc/{0}/task/{0}/children", pid));
  std::vector<pid_t> children;
  for (pid_t child = 0; list >> child;) children.push_back(child);
  return children;
}

std::uint64_t ResidentBytes(pid_t pid) { return StatusKib(pid, "VmRSS") * 1024; }

std::uint64_t PeakResidentBytes(pid_t pid) { return StatusKib(pid, "VmHWM") * 1024; }

double CpuSecondsOf(pid_t pid) {
  std::ifstream file(Formatted("/proc/{}/stat", pid));
  std::string text;
  std::getline(file, text);
  // The name is in parentheses and may hold anything; times are the 12th and 13th field after it.
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return 0;
  std::istringstream fields(text.substr(name_end + 1));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  double user = 0, system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

bool IsRunning(pid_t pid) {
  std::ifstream status(Formatted("/proc/{}/status", pid));
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("State:")) return line.find('Z') == std::string::npos;
  }
  return false;
}

std::vector<std::string> UnnamedFilesOf(pid_t pid, const std::string& folder) {
  std::vector<std::string> files;
  for (std::string& target : DescriptorsOf(pid)) {
    if (target.starts_with(folder) && target.ends_with(" (deleted)")) {
      files.push_back(std::move(target));
    }
  }
  return files;
}

std::size_t OpenFilesOf(pid_t pid) { return DescriptorsOf(pid).size(); }

}  // namespace hdrp::test
