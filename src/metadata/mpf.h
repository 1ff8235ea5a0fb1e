// The Multi-Picture Format index (CIPA DC-007): which further images follow the primary, and where.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/error.h"

namespace hdrp {

inline constexpr std::string_view kMpfNamespace{"MPF\0", 4};
/// Payload size of WriteMpf() (after marker and length field).
inline constexpr std::size_t kMpfPayloadSize = 86;

struct MpfEntry {
  std::uint32_t attribute = 0;
  std::uint32_t size = 0;
  std::uint32_t offset = 0;  ///< from the first byte of the MPF segment's TIFF header; 0 = primary
};

struct MpfIndex {
  std::vector<MpfEntry> entries;
  std::vector<std::string> deviations;  ///< sentences: unsorted tags, wrong version, wrong type ...
};

/// Reads an APP2 payload that starts with kMpfNamespace, either byte order. bad_input when the
/// directory cannot be read; at most 64 entries.
[[nodiscard]] Expected<MpfIndex> ReadMpf(ByteView payload);

/// The payload for a primary of `primary_size` bytes (SOI to EOI) followed at once by a gain map of
/// `map_size` bytes; `tiff_header_position` is the file position of the payload's TIFF header, that
/// is the position of the MPF marker + 8.
[[nodiscard]] Bytes WriteMpf(std::uint32_t primary_size, std::uint32_t map_size,
                             std::uint32_t tiff_header_position);

}  // namespace hdrp
