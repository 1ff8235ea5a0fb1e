#include "package/item_locations.h"

#include <optional>
#include <string_view>
#include <utility>

#include "base/byte_reader.h"
#include "base/bytes.h"

namespace hdrp {
namespace {

constexpr std::string_view kWhere = "iloc box";
constexpr unsigned kInFile = 0;  // construction method: positions count from the file's start

/// A number of 0, 2, 4 or 8 bytes and where it stands; one of no bytes is 0.
struct Field {
  std::size_t at = 0;
  unsigned width = 0;
  std::uint64_t value = 0;
};

struct Widths {
  unsigned offset = 0, length = 0, base_offset = 0, index = 0;
};

class LocationMover {
 public:
  LocationMover(std::span<std::uint8_t> body, const Insertion& insertion)
      : body_(body), reader_(ByteView(body)), insertion_(insertion) {}

  Expected<void> Move() {
    const auto version = reader_.U8();
    if (!version || !reader_.Skip(3)) return CutShort();
    if (*version > 2) {
      return Fail(ErrorCode::kBadInput, kWhere, "expected version 0 to 2, found {}", *version);
    }
    version_ = *version;
    const auto sizes = reader_.U16();
    if (!sizes) return CutShort();
    const auto nibble = [&](unsigned shift) { return (unsigned{*sizes} >> shift) & 0xFU; };
    widths_ = {nibble(12), nibble(8), nibble(4), version_ == 0 ? 0U : nibble(0)};
    for (const unsigned width :
         {widths_.offset, widths_.length, widths_.base_offset, widths_.index}) {
      if (width != 0 && width != 4 && width != 8) {
        return Fail(ErrorCode::kBadInput, kWhere, "expected fields of 0, 4 or 8 bytes, found {}",
                    width);
      }
    }
    const auto count = IdOrCount();
    if (!count) return CutShort();
    for (std::uint32_t i = 0; i < *count; ++i) {
      HDRP_RETURN_IF_ERROR(MoveItem());
    }
    return {};
  }

 private:
  static std::unexpected<Error> CutShort() {
    return Fail(ErrorCode::kBadInput, kWhere, "the box is cut short");
  }

  std::optional<std::uint32_t> IdOrCount() {
    if (version_ < 2) return reader_.U16();
    return reader_.U32();
  }

  std::optional<Field> Next(unsigned width) {
    Field field{.at = reader_.position(), .width = width};
    const auto bytes = reader_.Read(width);
    if (!bytes) return std::nullopt;
    for (const std::uint8_t byte : *bytes) field.value = (field.value << 8) | byte;
    return field;
  }

  Expected<void> MoveItem() {
    const auto id = IdOrCount();
    unsigned method = kInFile;
    if (version_ != 0) {
      const auto stated = reader_.U16();
      if (!stated) return CutShort();
      method = unsigned{*stated} & 0xFU;
    }
    const auto reference = reader_.U16();
    const auto base = Next(widths_.base_offset);
    const auto extents = reader_.U16();
    if (!id || !reference || !base || !extents) return CutShort();
    if (method == kInFile && *reference != 0) {
      return Fail(ErrorCode::kUnsupported, kWhere, "item {} lies in another file", *id);
    }
    // A base that is a position itself moves, and its extents with it.
    const bool base_moves = method == kInFile && base->value >= insertion_.from;
    if (base_moves) {
      HDRP_RETURN_IF_ERROR(Set(*base));
    }
    for (unsigned i = 0; i < *extents; ++i) {
      const auto index = Next(widths_.index);
      const auto offset = Next(widths_.offset);
      const auto length = Next(widths_.length);
      if (!index || !offset || !length) return CutShort();
      if (method != kInFile || base_moves || !IsBehind(*base, *offset)) continue;
      HDRP_RETURN_IF_ERROR(Set(*offset));
    }
    return {};
  }

  /// Of an extent whose base stays. Both are at most 64 bits; a sum beyond them is behind as well.
  [[nodiscard]] bool IsBehind(const Field& base, const Field& offset) const {
    return offset.value >= insertion_.from - base.value;
  }

  Expected<void> Set(const Field& field) {
    const std::uint64_t largest =
        field.width == 0 ? 0 : ~std::uint64_t{0} >> (64 - 8 * field.width);
    if (largest < insertion_.by || field.value > largest - insertion_.by) {
      return Fail(ErrorCode::kUnsupported, kWhere, "position {} + {} does not fit {} bytes",
                  field.value, insertion_.by, field.width);
    }
    const std::uint64_t value = field.value + insertion_.by;
    for (unsigned i = 0; i < field.width; ++i) {
      body_[field.at + i] =
          static_cast<std::uint8_t>((value >> (8 * (field.width - 1 - i))) & 0xFF);
    }
    return {};
  }

  std::span<std::uint8_t> body_;
  ByteReader reader_;
  Insertion insertion_;
  unsigned version_ = 0;
  Widths widths_;
};

}  // namespace

Expected<void> MoveItemLocations(std::span<std::uint8_t> iloc_body, const Insertion& insertion) {
  return LocationMover(iloc_body, insertion).Move();
}

}  // namespace hdrp
