// Pages as screens and scanners make them: glyph-like strokes in lines, panels, a photograph
// beside.
#pragma once

#include <cstdint>

#include "base/plane.h"

namespace hdrp::test {

struct PageRecipe {
  int width = 1280, height = 960;
  int glyph_height = 14;  ///< pixels
  std::uint8_t paper = 255, ink = 24;
  double filled = 0.9;    ///< share of the lines that have text
  double photograph = 0;  ///< share of the width, at the right, that the scene takes
  int noise = 0;          ///< a scanner's: +- codes, everywhere
  unsigned seed = 1;
};

/// RGB. Strokes are drawn at twice the size and reduced, so that their edges have the soft pixel
/// that screens show.
[[nodiscard]] Plane<std::uint8_t> MakePage(const PageRecipe& recipe);

}  // namespace hdrp::test
