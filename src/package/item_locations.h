// The iloc box: where the bytes of a HEIF file's items lie. Source: ISO/IEC 14496-12, 8.11.3.
#pragma once

#include <cstdint>
#include <span>

#include "base/error.h"

namespace hdrp {

/// What was inserted into the file: `by` bytes at `from`.
struct Insertion {
  std::uint64_t from = 0;
  std::uint64_t by = 0;
};

/// Adds `by` to every position in the file at or behind `from`, in the body of an iloc box of
/// version 0, 1 or 2. bad_input where the box does not parse; unsupported where a position outgrows
/// its field or lies in no field (width 0).
[[nodiscard]] Expected<void> MoveItemLocations(std::span<std::uint8_t> iloc_body,
                                               const Insertion& insertion);

}  // namespace hdrp
