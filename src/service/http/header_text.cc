#include "service/http/header_text.h"

#include <algorithm>
#include <cstddef>

namespace hdrp {
namespace {

[[nodiscard]] char Lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kWhite = " \t";
  const std::size_t first = text.find_first_not_of(kWhite);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kWhite) - first + 1);
}

bool SameIgnoringCase(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, Lower, Lower);
}

bool IsToken(std::string_view text) {
  const auto is_part = [](char c) {
    const char lower = Lower(c);
    return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").contains(c);
  };
  return !text.empty() && std::ranges::all_of(text, is_part);
}

std::string_view TakeElement(std::string_view& rest, char separator) {
  bool quoted = false;
  std::size_t end = 0;
  for (; end < rest.size(); ++end) {
    const char c = rest[end];
    if (c == separator && !quoted) break;
    if (c == '"') quoted = !quoted;
    if (c == '\\' && quoted) ++end;
  }
  end = std::min(end, rest.size());
  const std::string_view element = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return Trimmed(element);
}

}  // namespace hdrp
