// What the headers of an OpenEXR file say: the part that is read, its channels, windows and colour.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "color/color_spec.h"
#include "decode/exr/layers.h"

namespace hdrp {

struct ExrWindow {
  std::int64_t min_x = 0, min_y = 0, max_x = -1, max_y = -1;  ///< inclusive
  [[nodiscard]] std::int64_t width() const { return max_x - min_x + 1; }
  [[nodiscard]] std::int64_t height() const { return max_y - min_y + 1; }
  friend bool operator==(const ExrWindow&, const ExrWindow&) = default;
};

struct ExrHeader {
  int part = 0;
  ExrLayout layout = ExrLayout::kRgb;
  std::vector<std::string> channels;  ///< full names: R, G, B; Y; or Y, RY, BY; and then alpha
  bool has_alpha = false;
  int bits = 16;
  ExrWindow data, display;
  ColorSpec color;
  std::vector<std::string> warnings;
};

/// Of the layer that is wanted (exr_layers.h). unsupported where there is none, or samples or
/// blocks are of a kind that is not read; too_large by the limits.
[[nodiscard]] Expected<ExrHeader> ReadExrHeader(const ExrFile& file, const Limits& limits,
                                                std::string_view layer);

}  // namespace hdrp
