// The one error type of the project, and the table that gives each code its id and statuses.
// Nothing below the front doors prints, exits or aborts: it returns Expected<T>.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/formatted.h"

namespace hdrp {

enum class ErrorCode : std::uint8_t {
  kBadArgument,
  kTooLarge,
  kUnsupported,
  kBadInput,
  kMismatch,
  kNoGainMap,
  kModelFailed,
  kExportFailed,
  kTimeout,
  kInterrupted,
  kIoFailed,
  kInternal,
};

/// What a front door says for a code: the id in JSON, the process's exit status, the HTTP status.
struct ErrorKind {
  ErrorCode code;
  std::string_view id;
  int exit_status;
  int http_status;
};

inline constexpr std::array<ErrorKind, 12> kErrorKinds = {{
    {ErrorCode::kBadArgument, "bad_argument", 2, 422},
    {ErrorCode::kTooLarge, "too_large", 3, 413},
    {ErrorCode::kUnsupported, "unsupported", 4, 415},
    {ErrorCode::kBadInput, "bad_input", 5, 422},
    {ErrorCode::kMismatch, "mismatch", 6, 422},
    {ErrorCode::kNoGainMap, "no_gain_map", 7, 422},
    {ErrorCode::kModelFailed, "model_failed", 8, 500},
    {ErrorCode::kExportFailed, "export_failed", 9, 500},
    {ErrorCode::kTimeout, "timeout", 10, 504},
    {ErrorCode::kInterrupted, "interrupted", 130, 499},
    {ErrorCode::kIoFailed, "io_failed", 74, 500},
    {ErrorCode::kInternal, "internal", 70, 500},
}};

[[nodiscard]] constexpr const ErrorKind& KindOf(ErrorCode code) {
  for (const ErrorKind& kind : kErrorKinds) {
    if (kind.code == code) return kind;
  }
  return kErrorKinds.back();
}

/// `message` says what was expected and what was found; `where` names the file, segment or stage
/// (outer places are prepended by callers: "original.jpg: MPF entry 2").
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;
  std::string where;
  std::vector<std::string> details = {};  ///< further sentences: each failed check, each claim
};

template <typename T>
using Expected = std::expected<T, Error>;

/// Fail(code, where, "expected {} bytes, found {}", a, b): formats the message.
template <typename... Args>
[[nodiscard]] std::unexpected<Error> Fail(ErrorCode code, std::string_view where,
                                          FormatFor<Args...> format, const Args&... args) {
  return std::unexpected(Error{code, Formatted(format, args...), std::string(where), {}});
}

/// Passes an error on, with an outer place in front of its own.
[[nodiscard]] std::unexpected<Error> Within(std::string_view outer, Error error);

}  // namespace hdrp
