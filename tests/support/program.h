// Runs other programs (ours, exiftool, ultrahdr_app, Chromium) with their output caught, under a
// time limit.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace hdrp::test {

struct ProgramRun {
  int status = -1;  ///< exit status; 128 + signal where it was killed; 127 where it is missing
  std::string out, err;
  long peak_kib = 0;       ///< maximum resident set
  double cpu_seconds = 0;  ///< user + system
  bool timed_out = false;
};

/// `command[0]` is looked up in PATH. The child gets no standard input and is killed at the limit.
[[nodiscard]] ProgramRun RunProgram(const std::vector<std::string>& command,
                                    std::chrono::seconds limit = std::chrono::seconds(120));

/// The hdr-process of this build (HDR_PROCESS_BINARY, else beside the folder of this program), or
/// of the release build (HDR_PROCESS_RELEASE, else the checkout's).
[[nodiscard]] std::string OurProgram();
[[nodiscard]] std::string OurReleaseProgram();

/// True where the program can be started.
[[nodiscard]] bool HasProgram(const std::string& name);

/// A folder that is removed with everything in it at the end of its scope.
class ScratchFolder {
 public:
  ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder();
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const {
    return path_ / name;
  }
  /// Names of everything in it, sorted.
  [[nodiscard]] std::vector<std::string> Files() const;

 private:
  std::filesystem::path path_;
};

void WriteWhole(const std::filesystem::path& path, const std::vector<std::uint8_t>& bytes);

}  // namespace hdrp::test

/// First line of a test that needs an outside program, known to HDR_PROCESS_REQUIRE as `what`.
#define HDRP_NEEDS_PROGRAM(program, what)                                               \
  if (!::hdrp::test::HasProgram(program)) {                                             \
    if (::hdrp::test::IsRequired(what)) FAIL() << program << " is required but absent"; \
    GTEST_SKIP() << "no " << program;                                                   \
  }                                                                                     \
  static_assert(true)
