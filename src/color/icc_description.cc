#include <optional>

#include "base/byte_reader.h"
#include "color/icc.h"

namespace hdrp {
namespace {

constexpr std::size_t kHeaderSize = 128;
constexpr std::uint32_t kDescriptionTag = 0x64657363;    // 'desc'
constexpr std::uint32_t kTextDescription = 0x64657363;   // 'desc', version 2
constexpr std::uint32_t kMultiLocalized = 0x6D6C7563;    // 'mluc', version 4
constexpr std::uint32_t kMaxTags = 200;

/// The bytes of the `desc` tag.
[[nodiscard]] std::optional<ByteView> FindDescription(ByteView profile) {
  ByteReader reader(profile);
  if (!reader.Seek(kHeaderSize)) return std::nullopt;
  const auto count = reader.U32();
  if (!count || *count > kMaxTags) return std::nullopt;
  for (std::uint32_t i = 0; i < *count; ++i) {
    const auto tag = reader.U32();
    const auto offset = reader.U32();
    const auto size = reader.U32();
    if (!size) return std::nullopt;
    if (*tag != kDescriptionTag) continue;
    ByteReader at(profile);
    if (!at.Seek(*offset)) return std::nullopt;
    return at.Read(*size);
  }
  return std::nullopt;
}

/// UTF-16BE to UTF-8, as far as names of profiles go: the basic plane.
[[nodiscard]] std::string Utf8From(ByteView utf16) {
  std::string text;
  ByteReader reader(utf16);
  while (const auto unit = reader.U16()) {
    const unsigned c = *unit;
    if (c == 0) break;
    if (c < 0x80) {
      text += static_cast<char>(c);
    } else if (c < 0x800) {
      text += static_cast<char>(0xC0 | c >> 6);
      text += static_cast<char>(0x80 | (c & 0x3F));
    } else {
      text += static_cast<char>(0xE0 | c >> 12);
      text += static_cast<char>(0x80 | (c >> 6 & 0x3F));
      text += static_cast<char>(0x80 | (c & 0x3F));
    }
  }
  return text;
}

}  // namespace

// ICC.1:2022, 10.15 (multiLocalizedUnicodeType); ICC.1:2001, 6.5.17 (textDescriptionType).
std::string IccDescription(ByteView profile) {
  const std::optional<ByteView> tag = FindDescription(profile);
  if (!tag) return {};
  ByteReader reader(*tag);
  const auto type = reader.U32();
  if (!type || !reader.Skip(4)) return {};
  if (*type == kTextDescription) {
    const auto length = reader.U32();
    const auto text = length ? reader.Read(*length) : std::nullopt;
    if (!text) return {};
    const std::string_view ascii = AsText(*text);
    return std::string(ascii.substr(0, ascii.find('\0')));
  }
  if (*type == kMultiLocalized) {
    const auto records = reader.U32();
    if (!records || *records == 0 || !reader.Skip(8)) return {};  // record size, first language
    const auto length = reader.U32();
    const auto offset = reader.U32();
    ByteReader at(*tag);
    if (!offset || !at.Seek(*offset)) return {};
    const auto text = at.Read(*length);
    return text ? Utf8From(*text) : std::string();
  }
  return {};
}

}  // namespace hdrp
