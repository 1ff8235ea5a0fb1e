// Bounds-checked reading of outside bytes. Every parser of ours reads only through this class, so
// that a short or lying file ends in "missing" and never in a read past the end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace hdrp {

enum class ByteOrder : std::uint8_t { kBigEndian, kLittleEndian };

/// A cursor over borrowed bytes. Reads return nullopt past the end and then move nothing.
class ByteReader {
 public:
  explicit ByteReader(ByteView bytes, ByteOrder order = ByteOrder::kBigEndian)
      : bytes_(bytes), order_(order) {}

  [[nodiscard]] std::size_t position() const { return position_; }
  [[nodiscard]] std::size_t remaining() const { return bytes_.size() - position_; }
  [[nodiscard]] ByteView rest() const { return bytes_.subspan(position_); }
  void set_order(ByteOrder order) { order_ = order; }

  /// Moves to an absolute offset; false (and no move) past the end.
  [[nodiscard]] bool Seek(std::size_t offset) {
    if (offset > bytes_.size()) return false;
    position_ = offset;
    return true;
  }
  [[nodiscard]] bool Skip(std::size_t count) {
    if (count > remaining()) return false;
    position_ += count;
    return true;
  }
  [[nodiscard]] std::optional<ByteView> Read(std::size_t count) {
    if (count > remaining()) return std::nullopt;
    const ByteView view = bytes_.subspan(position_, count);
    position_ += count;
    return view;
  }
  [[nodiscard]] std::optional<std::uint8_t> U8() {
    if (remaining() < 1) return std::nullopt;
    return bytes_[position_++];
  }
  [[nodiscard]] std::optional<std::uint16_t> U16() {
    const auto value = Unsigned(2);
    if (!value) return std::nullopt;
    return static_cast<std::uint16_t>(*value);
  }
  [[nodiscard]] std::optional<std::uint32_t> U32() { return Unsigned(4); }
  [[nodiscard]] std::optional<std::int32_t> S32() {
    const auto value = Unsigned(4);
    if (!value) return std::nullopt;
    return static_cast<std::int32_t>(*value);
  }

 private:
  [[nodiscard]] std::optional<std::uint32_t> Unsigned(std::size_t count) {
    if (count > remaining()) return std::nullopt;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t at = order_ == ByteOrder::kBigEndian ? i : count - 1 - i;
      value = (value << 8) | bytes_[position_ + at];
    }
    position_ += count;
    return value;
  }

  ByteView bytes_;
  std::size_t position_ = 0;
  ByteOrder order_;
};

}  // namespace hdrp
