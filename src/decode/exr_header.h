// What the headers of an OpenEXR file say: the part that is read, its channels, windows and colour.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/limits.h"
#include "color/color_spec.h"
#include "decode/exr_file.h"

namespace hdrp {

enum class ExrLayout : std::uint8_t {
  kRgb,         ///< any of R, G, B
  kGrey,        ///< Y
  kLumaChroma,  ///< Y, and RY and BY at half the resolution
};

struct ExrWindow {
  std::int64_t min_x = 0, min_y = 0, max_x = -1, max_y = -1;  ///< inclusive
  [[nodiscard]] std::int64_t width() const { return max_x - min_x + 1; }
  [[nodiscard]] std::int64_t height() const { return max_y - min_y + 1; }
  friend bool operator==(const ExrWindow&, const ExrWindow&) = default;
};

struct ExrHeader {
  int part = 0;
  ExrLayout layout = ExrLayout::kRgb;
  bool has_alpha = false;
  int bits = 16;
  ExrWindow data, display;
  ColorSpec color;
  std::vector<std::string> warnings;
};

/// The first flat part with channels of colour. unsupported where there is none, or samples or
/// blocks are of a kind that is not read; too_large by the limits.
[[nodiscard]] Expected<ExrHeader> ReadExrHeader(const ExrFile& file, const Limits& limits);

}  // namespace hdrp
