#include "metadata/boxes.h"

#include <algorithm>
#include <cstdint>

#include "base/byte_reader.h"

namespace hdrp {
namespace {

constexpr std::string_view kWhere = "box structure";
constexpr std::uint32_t kSizeToEnd = 0;
constexpr std::uint32_t kSizeIn64Bits = 1;

}  // namespace

Expected<std::vector<Box>> ReadBoxes(ByteView file, std::size_t begin, std::size_t end) {
  std::vector<Box> boxes;
  for (std::size_t position = begin; position < end; position = boxes.back().end) {
    if (boxes.size() == kMaxBoxes) {
      return Fail(ErrorCode::kBadInput, kWhere, "more than {} boxes in one place", kMaxBoxes);
    }
    ByteReader reader(file.subspan(position, end - position));
    const auto stated = reader.U32();
    const auto type = reader.Read(4);
    if (!stated || !type) {
      return Fail(ErrorCode::kBadInput, kWhere, "expected a box at byte {}, found {} bytes",
                  position, end - position);
    }
    std::uint64_t size = *stated;
    if (*stated == kSizeToEnd) {
      size = end - position;
    } else if (*stated == kSizeIn64Bits) {
      const auto high = reader.U32();
      const auto low = reader.U32();
      size = high && low ? (std::uint64_t{*high} << 32) | *low : 0;
    }
    if (size < reader.position() || size > end - position) {
      return Fail(ErrorCode::kBadInput, kWhere,
                  "the box at byte {} states {} bytes, its place has {}", position, size,
                  end - position);
    }
    boxes.push_back({.type = AsText(*type),
                     .begin = position,
                     .body_begin = position + reader.position(),
                     .end = position + static_cast<std::size_t>(size),
                     .has_plain_size = *stated > kSizeIn64Bits});
  }
  return boxes;
}

const Box* FindBox(const std::vector<Box>& boxes, std::string_view type) {
  const auto found = std::ranges::find(boxes, type, &Box::type);
  return found == boxes.end() ? nullptr : &*found;
}

}  // namespace hdrp
