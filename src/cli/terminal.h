// What people read on stderr: messages, warnings, and a progress bar where stderr is a terminal.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace hdrp {

enum class Verbosity : std::uint8_t { kQuiet, kNormal, kVerbose };

/// Names and messages may hold control characters of hostile files: shown as '?'.
[[nodiscard]] std::string Printable(std::string_view text);

/// One line, unless the verbosity hides it.
void Say(Verbosity verbosity, Verbosity least, std::string_view line);

/// "hdr-process: error (mismatch): where: message" and one indented line per detail.
void SayError(const Error& error);

/// Draws, or at share 1 removes, the bar. Nothing where stderr is no terminal.
void DrawProgress(std::string_view stage, double share);

/// Removes a bar that an error left standing.
void ClearProgress();

}  // namespace hdrp
