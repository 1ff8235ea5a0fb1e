// std::format without its header, which is a second of every source's compilation: the format is
// checked against the arguments when the call is compiled, and std::format does the work in
// formatted.cc.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

namespace hdrp {

/// What std::format is given for an argument: its own types, the widest of each kind.
using FormatArgument =
    std::variant<bool, char, long long, unsigned long long, float, double, std::string_view>;

template <typename T>
[[nodiscard]] FormatArgument AsFormatArgument(const T& value) {
  if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, char> || std::is_same_v<T, float> ||
                std::is_same_v<T, double>) {
    return value;
  } else if constexpr (std::signed_integral<T>) {
    return static_cast<long long>(value);
  } else if constexpr (std::unsigned_integral<T>) {
    return static_cast<unsigned long long>(value);
  } else {
    return std::string_view(value);
  }
}

/// What stands between two braces: "{1:.{}f}" is index 1, spec ".{}f".
struct FormatField {
  std::size_t end = 0;  ///< past the closing brace; 0 where there is none
  std::string_view index, spec;
};
/// The field whose opening brace `text` has at `begin`. A spec may hold fields of its own.
[[nodiscard]] constexpr FormatField FormatFieldAt(std::string_view text, std::size_t begin) {
  int depth = 0;
  for (std::size_t i = begin; i < text.size(); ++i) {
    if (text[i] == '{') ++depth;
    if (text[i] == '}' && --depth == 0) {
      const std::string_view inside = text.substr(begin + 1, i - begin - 1);
      const std::size_t colon = std::min(inside.find(':'), inside.size());
      return {i + 1, inside.substr(0, colon), inside.substr(std::min(colon + 1, inside.size()))};
    }
  }
  return {};
}

/// A format for arguments of these types. A call does not compile where the fields are not as many
/// as the arguments, where braces do not match, or where a field's type is none for its argument
/// ("{:d}" of a text, "{:.2f}" of a whole number).
template <typename... Args>
class FormatText {
 public:
  template <std::convertible_to<std::string_view> Text>
  consteval FormatText(const Text& text)  // NOLINT(google-explicit-constructor): as std::format's
      : text_(text) {
    std::size_t next = 0, highest = 0;
    for (std::size_t i = 0; i < text_.size(); ++i) {
      if (text_[i] != '{' && text_[i] != '}') continue;
      if (i + 1 < text_.size() && text_[i + 1] == text_[i]) {
        ++i;
        continue;
      }
      const FormatField field = FormatFieldAt(text_, i);
      if (text_[i] == '}' || field.end == 0) throw "a brace without its pair";
      std::size_t index = field.index.empty() ? next++ : Digit(field.index);
      Check(index, field.spec);
      for (std::size_t j = 0; j + 1 < field.spec.size(); ++j) {
        if (field.spec[j] != '{') continue;
        if (field.spec[j + 1] != '}') throw "a nested field with an index";
        index = next++;
      }
      highest = std::max({highest, index + 1, next});
      i = field.end - 1;
    }
    if (highest != sizeof...(Args)) throw "not as many fields as arguments";
  }
  [[nodiscard]] std::string_view text() const { return text_; }

 private:
  static constexpr std::size_t Digit(std::string_view index) {
    if (index.size() != 1 || index[0] < '0' || index[0] > '9') throw "an index of one digit";
    return static_cast<std::size_t>(index[0] - '0');
  }
  static constexpr void Check(std::size_t index, std::string_view spec) {
    if (index >= sizeof...(Args)) throw "a field without an argument";
    if (spec.empty()) return;
    constexpr std::array<bool, sizeof...(Args) + 1> kWhole = {std::integral<Args>...};
    constexpr std::array<bool, sizeof...(Args) + 1> kReal = {std::floating_point<Args>...};
    const char type = spec.back();
    const bool of_whole = std::string_view("bBcdoxX").contains(type);
    const bool of_real = std::string_view("aAeEfFgG").contains(type);
    if (of_whole && !kWhole[index]) throw "a type of whole numbers for something else";
    if (of_real && !kReal[index]) throw "a type of real numbers for something else";
    if (!kReal[index] && spec.contains('.') && kWhole[index]) throw "digits of a whole number";
  }

  std::string_view text_;
};

/// The format of a function that takes `const Args&...`; as in std::format_string, they are deduced
/// elsewhere.
template <typename... Args>
using FormatFor = FormatText<std::type_identity_t<Args>...>;

/// std::format with `arguments`; AsFormatArgument made them.
[[nodiscard]] std::string FormattedArguments(std::string_view format,
                                             std::span<const FormatArgument> arguments);

/// std::format, for numbers and texts.
template <typename... Args>
[[nodiscard]] std::string Formatted(FormatFor<Args...> format, const Args&... args) {
  const std::array<FormatArgument, sizeof...(Args)> arguments = {AsFormatArgument(args)...};
  return FormattedArguments(format.text(), arguments);
}

}  // namespace hdrp
