// TIFF structures (EXIF among them) written by hand, in either byte order.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/byte_reader.h"
#include "base/bytes.h"

namespace hdrp::test {

inline constexpr std::uint16_t kAscii = 2, kShort = 3, kLong = 4, kRational = 5, kUndefined = 7;
inline constexpr std::uint16_t kExifIfd = 0x8769, kGpsIfd = 0x8825, kMakerNote = 0x927C;

struct Tag {
  std::uint16_t id = 0;
  std::uint16_t type = kShort;
  std::uint32_t count = 1;
  std::string value = {};  ///< in the file's byte order; longer than 4 bytes: stored elsewhere
};

/// A TIFF structure of the directories it is given, written byte by byte in either order.
class TiffMaker {
 public:
  explicit TiffMaker(ByteOrder order) : order_(order) {
    bytes_ = order == ByteOrder::kBigEndian ? "MM" : "II";
    bytes_ += U16(42) + U32(0);
  }

  [[nodiscard]] std::string U16(unsigned value) const { return Number(value, 2); }
  [[nodiscard]] std::string U32(unsigned value) const { return Number(value, 4); }

  Tag Short(std::uint16_t id, unsigned value) const { return {id, kShort, 1, U16(value)}; }
  Tag Text(std::uint16_t id, std::string text) const {
    text += '\0';
    return {id, kAscii, static_cast<std::uint32_t>(text.size()), text};
  }
  Tag Ratio(std::uint16_t id, unsigned numerator, unsigned denominator) const {
    return {id, kRational, 1, U32(numerator) + U32(denominator)};
  }
  Tag Pointer(std::uint16_t id, unsigned offset) const { return {id, kLong, 1, U32(offset)}; }

  /// Appends a directory and returns its offset.
  unsigned AddIfd(const std::vector<Tag>& tags, unsigned next = 0) {
    if (bytes_.size() % 2 != 0) bytes_ += '\0';
    const auto begin = static_cast<unsigned>(bytes_.size());
    std::string directory = U16(static_cast<unsigned>(tags.size()));
    std::string values;
    const std::size_t values_begin = begin + 2 + tags.size() * 12 + 4;
    for (const Tag& tag : tags) {
      directory += U16(tag.id) + U16(tag.type) + U32(tag.count);
      std::string field = tag.value;
      if (field.size() > 4) {
        if (values.size() % 2 != 0) values += '\0';
        field = U32(static_cast<unsigned>(values_begin + values.size()));
        values += tag.value;
      }
      field.resize(4);
      directory += field;
    }
    bytes_ += directory + U32(next) + values;
    return begin;
  }

  Bytes Finish(unsigned first_ifd) {
    bytes_.replace(4, 4, U32(first_ifd));
    const ByteView view = AsBytes(bytes_);
    return {view.begin(), view.end()};
  }

 private:
  [[nodiscard]] std::string Number(unsigned value, unsigned size) const {
    std::string text;
    for (unsigned i = 0; i < size; ++i) {
      const unsigned shift = 8 * (order_ == ByteOrder::kBigEndian ? size - 1 - i : i);
      text += static_cast<char>((value >> shift) & 0xFF);
    }
    return text;
  }

  ByteOrder order_;
  std::string bytes_;
};

}  // namespace hdrp::test
