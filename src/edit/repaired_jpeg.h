// JPEG streams that no viewer shows as they are, though all of the picture is in them.
#pragma once

#include <optional>
#include <string_view>

#include "base/input_file.h"
#include "base/rows.h"

namespace hdrp {

struct Repaired {
  Bytes jpeg;
  int components = 0;
  std::string_view step;  ///< what was done, for the report
};

/// The edit as every viewer reads it, without loss: Huffman-coded where it was arithmetic-coded,
/// with its end marker where that alone was missing. nullopt where it may stay as it is, and for
/// other formats. bad_input for one that is cut off.
[[nodiscard]] Expected<std::optional<Repaired>> RepairedEdit(const InputFile& edit,
                                                             const Resources& resources);

/// The same for a gain map's stream; `is_per_channel`: its numbers differ by channel, for which one
/// component becomes three. nullopt where it may stay as it is.
[[nodiscard]] Expected<std::optional<Repaired>> RepairedMapOf(ByteView stream, bool is_per_channel,
                                                              const Resources& resources);

}  // namespace hdrp
