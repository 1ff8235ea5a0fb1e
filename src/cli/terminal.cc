#include "cli/terminal.h"

#include <unistd.h>

#include <cstdio>

#include "base/formatted.h"

namespace hdrp {
namespace {

void Write(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }

[[nodiscard]] bool IsTerminal() {
  static const bool terminal = ::isatty(STDERR_FILENO) == 1;
  return terminal;
}

}  // namespace

std::string Printable(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) c = '?';
  }
  return result;
}

void Say(Verbosity verbosity, Verbosity least, std::string_view line) {
  if (verbosity < least) return;
  Write(Printable(line) + "\n");
}

void SayError(const Error& error) {
  const std::string where = error.where.empty() ? "" : error.where + ": ";
  Write(Printable(Formatted("hdr-process: error ({}): {}{}", KindOf(error.code).id, where,
                            error.message)) +
        "\n");
  for (const std::string& detail : SentencesOf(error)) Write("  " + Printable(detail) + "\n");
}

void DrawProgress(std::string_view stage, double share) {
  if (!IsTerminal()) return;
  if (share >= 1) return ClearProgress();
  constexpr int kWidth = 30;
  const int filled = static_cast<int>(share * kWidth);
  Write(Formatted("\r[{:=<{}}{:{}}] {:<8}", "", filled, "", kWidth - filled, stage));
  std::fflush(stderr);
}

void ClearProgress() {
  if (IsTerminal()) Write("\r\x1b[K");
}

}  // namespace hdrp
