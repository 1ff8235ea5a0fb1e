// Numbers as XMP writes them. Private to this folder; no locale has a say.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

#include "gainmap/metadata.h"

namespace hdrp {

/// Without the white space around it.
[[nodiscard]] inline std::string_view Stripped(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

/// The whole text as a number; a leading '+' and surrounding white space are fine.
template <typename T>
[[nodiscard]] std::optional<T> NumberFrom(std::string_view text) {
  text = Stripped(text);
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// What the numerator of a fraction may be (ISO 21496-1: s32 or u32).
enum class Numerators : std::uint8_t { kSigned, kUnsigned };

/// A decimal text as a fraction: exact where numerator and denominator fit, else the nearest with a
/// power of ten of at most 10^9 below. nullopt when it is no finite number or does not fit at all.
[[nodiscard]] std::optional<Fraction> FractionFrom(std::string_view text, Numerators numerators);

}  // namespace hdrp
