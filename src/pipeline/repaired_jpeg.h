// JPEG streams that no viewer shows as they are, though all of the picture is in them.
#pragma once

#include <optional>
#include <string_view>

#include "pipeline/request.h"

namespace hdrp {

/// The edit as every viewer reads it, without loss: Huffman-coded where it was arithmetic-coded,
/// with its end marker where that alone was missing. nullopt where it may stay as it is, and for
/// other formats. Fills the report's base_steps and warnings. bad_input for one that is cut off.
[[nodiscard]] Expected<std::optional<InputFile>> RepairedEdit(const Request& request,
                                                              Report& report);

struct RepairedMap {
  Bytes jpeg;
  int components = 1;
  std::string_view step;  ///< what was done, for the report
};
/// The same for a gain map's stream; `is_per_channel`: its numbers differ by channel, for which one
/// component becomes three. nullopt where it may stay as it is.
[[nodiscard]] Expected<std::optional<RepairedMap>> RepairedMapOf(ByteView stream,
                                                                 bool is_per_channel,
                                                                 const Request& request);

}  // namespace hdrp
