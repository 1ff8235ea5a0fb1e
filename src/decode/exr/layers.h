// Which channels of an OpenEXR file are the picture: parts, and layers within them. A layer is what
// stands before the last dot of its channels' names ("ViewLayer.Combined.R").
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "decode/exr/file.h"

namespace hdrp {

enum class ExrLayout : std::uint8_t {
  kRgb,         ///< any of R, G, B
  kGrey,        ///< Y
  kLumaChroma,  ///< Y, and RY and BY at half the resolution
};

using ExrChannels = std::span<const exr_attr_chlist_entry_t>;
[[nodiscard]] ExrChannels ChannelsOf(const ExrFile& file, int part);
[[nodiscard]] const exr_attr_chlist_entry_t* FindChannel(ExrChannels channels,
                                                         std::string_view name);

struct ExrLayer {
  int part = 0;
  std::string name;  ///< as users say it; empty for R, G, B or Y themselves in a nameless part
  ExrLayout layout = ExrLayout::kRgb;
  /// The channels by their full names, in the layout's order; those that are missing too.
  std::vector<std::string> channels;
  std::string alpha;  ///< the channel's name; empty: none
  std::vector<std::string> warnings;
};

/// The layer of this name; for an empty one, the first part's own R, G, B or Y, else the only layer
/// with R, G and B, whatever it is called. unsupported, with the list of choices, where there are
/// several or none.
[[nodiscard]] Expected<ExrLayer> ChooseExrLayer(const ExrFile& file, std::string_view wanted);

}  // namespace hdrp
