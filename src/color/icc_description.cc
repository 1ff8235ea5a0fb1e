#include <optional>
#include <string>
#include <utility>

#include "base/byte_reader.h"
#include "color/icc.h"

namespace hdrp {
namespace {

constexpr std::size_t kHeaderSize = 128;
constexpr std::uint32_t kDescriptionTag = 0x64657363;   // 'desc'
constexpr std::uint32_t kTextDescription = 0x64657363;  // 'desc', version 2
constexpr std::uint32_t kMultiLocalized = 0x6D6C7563;   // 'mluc', version 4
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

/// Text for a report: UTF-8, short, no control characters (a profile's maker wrote it).
class DescriptionText {
 public:
  void Append(char32_t c) {
    if (c < 0x20 || (c >= 0x7F && c < 0xA0) || characters_ == kMaxCharacters) return;
    ++characters_;
    if (c < 0x80) return Push(c);
    if (c < 0x800) {
      Push(0xC0 | c >> 6);
    } else if (c < 0x10000) {
      Push(0xE0 | c >> 12);
      Push(0x80 | (c >> 6 & 0x3F));
    } else {
      Push(0xF0 | c >> 18);
      Push(0x80 | (c >> 12 & 0x3F));
      Push(0x80 | (c >> 6 & 0x3F));
    }
    Push(0x80 | (c & 0x3F));
  }
  [[nodiscard]] std::string Take() && { return std::move(text_); }

 private:
  static constexpr int kMaxCharacters = 256;
  void Push(char32_t byte) { text_ += static_cast<char>(byte); }

  std::string text_;
  int characters_ = 0;
};

constexpr char32_t kReplacement = 0xFFFD;

[[nodiscard]] std::string TextFromAscii(ByteView ascii) {
  DescriptionText text;
  for (const std::uint8_t c : ascii) {
    if (c == 0) break;
    text.Append(c < 0x80 ? c : kReplacement);
  }
  return std::move(text).Take();
}

[[nodiscard]] std::string TextFromUtf16(ByteView utf16) {
  DescriptionText text;
  ByteReader reader(utf16);
  while (const auto unit = reader.U16()) {
    if (*unit == 0) break;
    char32_t c = *unit;
    if (c >= 0xD800 && c < 0xE000) {
      const auto low = c < 0xDC00 ? reader.U16() : std::nullopt;
      const bool paired = low && *low >= 0xDC00 && *low < 0xE000;
      c = paired ? 0x10000 + ((c - 0xD800) << 10) + (*low - 0xDC00U) : kReplacement;
    }
    text.Append(c);
  }
  return std::move(text).Take();
}

/// The English text of a multiLocalizedUnicodeType, or the first one. `reader` stands after the
/// type and its reserved bytes.
[[nodiscard]] std::string LocalizedText(ByteView tag, ByteReader reader) {
  constexpr std::uint16_t kEnglish = 0x656E;  // 'en'
  constexpr std::uint32_t kRecordSize = 12;
  const auto count = reader.U32();
  const auto record_size = reader.U32();
  if (!record_size || *record_size != kRecordSize) return {};
  std::optional<ByteView> chosen;
  for (std::uint32_t i = 0; i < *count; ++i) {
    const auto language = reader.U16();
    if (!language || !reader.Skip(2)) break;  // country
    const auto length = reader.U32();
    const auto offset = reader.U32();
    if (!offset) break;
    ByteReader at(tag);
    const auto text = at.Seek(*offset) ? at.Read(*length) : std::nullopt;
    if (text && (!chosen || *language == kEnglish)) chosen = text;
    if (text && *language == kEnglish) break;
  }
  return chosen ? TextFromUtf16(*chosen) : std::string();
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
    return text ? TextFromAscii(*text) : std::string();
  }
  if (*type == kMultiLocalized) return LocalizedText(*tag, reader);
  return {};
}

}  // namespace hdrp
