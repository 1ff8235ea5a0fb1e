// Boxes of the ISO base media file format (ISO/IEC 14496-12, 4.2), which HEIF and AVIF are made of.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"

namespace hdrp {

struct Box {
  std::string_view type;       ///< four characters, in the file's bytes
  std::size_t begin = 0;       ///< position in the file of the size field
  std::size_t body_begin = 0;  ///< of the first byte after size and type
  std::size_t end = 0;
  /// The size field is the plain 32-bit one: neither 64 bits nor "to the end".
  bool has_plain_size = true;

  [[nodiscard]] ByteView Body(ByteView file) const {
    return file.subspan(body_begin, end - body_begin);
  }
};

inline constexpr std::size_t kMaxBoxes = 100'000;

/// The boxes that fill [begin, end) of the file, one behind the other. bad_input where one does not
/// fit, or where there are more than kMaxBoxes. Precondition: begin <= end <= file.size().
[[nodiscard]] Expected<std::vector<Box>> ReadBoxes(ByteView file, std::size_t begin,
                                                   std::size_t end);

/// The first box of this type, or nullptr.
[[nodiscard]] const Box* FindBox(const std::vector<Box>& boxes, std::string_view type);

}  // namespace hdrp
