// std::format, compiled in one place: inlined, it is two seconds of every source's compilation.
#pragma once

#include <format>
#include <string>
#include <string_view>
#include <utility>

namespace hdrp {

/// std::vformat.
[[nodiscard]] std::string FormattedArguments(std::string_view format, std::format_args args);

/// std::format: the format is checked against the arguments when it is compiled.
template <typename... Args>
[[nodiscard]] std::string Formatted(std::format_string<Args...> format, Args&&... args) {
  return FormattedArguments(format.get(), std::make_format_args(args...));
}

}  // namespace hdrp
