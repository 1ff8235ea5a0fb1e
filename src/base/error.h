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

/// A choice that an error comes of, and that can be made otherwise.
struct Cause {
  std::string option;    ///< a field of the job: "guard"
  std::string word;      ///< what of it: "text"
  std::string sentence;  ///< what it did
};

/// `message` says what was expected and what was found; `where` names the file, segment or stage
/// (outer places are prepended by callers: "original.jpg: MPF entry 2").
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;
  std::string where;
  std::vector<std::string> details = {};  ///< further sentences: each failed check, each claim
  std::vector<Cause> causes = {};
};

/// What is to be read below the message: the details, and what the causes did.
[[nodiscard]] std::vector<std::string> SentencesOf(const Error& error);

template <typename T>
using Expected = std::expected<T, Error>;

/// Fail(code, where, "expected {} bytes, found {}", a, b): formats the message.
template <typename... Args>
[[nodiscard]] std::unexpected<Error> Fail(ErrorCode code, std::string_view where,
                                          FormatFor<Args...> format, const Args&... args) {
  return std::unexpected(Error{code, Formatted(format, args...), std::string(where), {}});
}

/// The error with an outer place in front of its own.
[[nodiscard]] std::unexpected<Error> Within(std::string_view outer, Error error);

/// The same of a result that may be one: HDRP_ASSIGN_OR_RETURN(x, Within(file.name, Read(file))).
template <typename T>
[[nodiscard]] Expected<T> Within(std::string_view outer, Expected<T> result) {
  if (!result) return Within(outer, std::move(result.error()));
  return result;
}

}  // namespace hdrp

// How errors are passed on, everywhere (docs/adr/0017): in a function that returns an Expected,
//   HDRP_RETURN_IF_ERROR(stop.Check("decode"));
//   HDRP_ASSIGN_OR_RETURN(const JpegStream stream, WalkJpeg(file, 0));
// leave it with the expression's error, or go on; the second declares its first argument, or
// assigns to it, with the value. A place is put in front by Within(place, expression).
#define HDRP_RETURN_IF_ERROR(...)                             \
  do {                                                        \
    if (auto&& hdrp_result = (__VA_ARGS__); !hdrp_result) {   \
      return std::unexpected(std::move(hdrp_result.error())); \
    }                                                         \
  } while (false)
#define HDRP_ASSIGN_OR_RETURN(target, ...) \
  HDRP_ASSIGN_OR_RETURN_AS_(HDRP_JOINED_(hdrp_result_, __LINE__), target, __VA_ARGS__)
#define HDRP_ASSIGN_OR_RETURN_AS_(result, target, ...)            \
  auto result = (__VA_ARGS__);                                    \
  if (!result) return std::unexpected(std::move(result.error())); \
  target = *std::move(result)
#define HDRP_JOINED_(a, b) HDRP_JOINED_AS_(a, b)
#define HDRP_JOINED_AS_(a, b) a##b
