#include "support/page.h"

#include <algorithm>
#include <random>

#include "support/scene.h"

namespace hdrp::test {
namespace {

/// A page at twice the size, one channel.
class Sheet {
 public:
  Sheet(int width, int height, std::uint8_t paper) : pixels_(2 * width, 2 * height) {
    for (int y = 0; y < pixels_.height(); ++y) std::ranges::fill(pixels_.view().RowSpan(y), paper);
  }
  void Fill(int x, int y, int width, int height, std::uint8_t level) {
    for (int v = std::max(0, y); v < std::min(pixels_.height(), y + height); ++v) {
      for (int u = std::max(0, x); u < std::min(pixels_.width(), x + width); ++u) {
        pixels_.Row(v)[u] = level;
      }
    }
  }
  [[nodiscard]] int width() const { return pixels_.width(); }
  [[nodiscard]] int height() const { return pixels_.height(); }
  [[nodiscard]] int At(int x, int y) const {
    return pixels_.Row(2 * y)[2 * x] + pixels_.Row(2 * y)[2 * x + 1] +
           pixels_.Row(2 * y + 1)[2 * x] + pixels_.Row(2 * y + 1)[2 * x + 1];
  }

 private:
  Plane<std::uint8_t> pixels_;
};

/// Two to four strokes: upright, level or slanted.
void DrawGlyph(Sheet& sheet, int x, int y, int size, std::uint8_t ink, std::mt19937& random) {
  const int width = size * 3 / 5;
  const int stroke = std::max(2, size / 7);
  for (auto n = 2 + random() % 3; n > 0; --n) {
    const int along = static_cast<int>(random() % 3);
    if (along == 0) {
      sheet.Fill(x + static_cast<int>(random() % 2) * (width - stroke), y, stroke, size, ink);
    } else if (along == 1) {
      sheet.Fill(x, y + static_cast<int>(random() % 3) * (size - stroke) / 2, width, stroke, ink);
    } else {
      for (int v = 0; v < size; ++v)
        sheet.Fill(x + v * (width - stroke) / size, y + v, stroke, 1, ink);
    }
  }
}

void DrawText(Sheet& sheet, const PageRecipe& recipe, int right, std::mt19937& random) {
  const int size = 2 * recipe.glyph_height;
  for (int y = 2 * size; y + 2 * size < sheet.height(); y += size * 8 / 5) {
    if (static_cast<double>(random() % 1000) >= 1000 * recipe.filled) continue;
    int x = 2 * size;
    const int end = right - 2 * size - static_cast<int>(random() % 8) * size;
    while (x < end) {
      for (auto letters = 2 + random() % 8; letters > 0 && x < end; --letters) {
        DrawGlyph(sheet, x, y, size, recipe.ink, random);
        x += size * 4 / 5;
      }
      x += size / 2;
    }
  }
}

}  // namespace

Plane<std::uint8_t> MakePage(const PageRecipe& recipe) {
  std::mt19937 random(recipe.seed);
  Sheet sheet(recipe.width, recipe.height, recipe.paper);
  const int text_width = recipe.width - static_cast<int>(recipe.width * recipe.photograph);
  DrawText(sheet, recipe, 2 * text_width, random);

  Plane<std::uint8_t> page(recipe.width, recipe.height, 3);
  for (int y = 0; y < recipe.height; ++y) {
    for (int x = 0; x < recipe.width; ++x) {
      int level = (sheet.At(x, y) + 2) / 4;
      if (recipe.noise > 0) {
        level +=
            static_cast<int>(random() % static_cast<unsigned>(2 * recipe.noise + 1)) - recipe.noise;
      }
      for (int c = 0; c < 3; ++c) {
        page.view().At(x, y, c) = static_cast<std::uint8_t>(std::clamp(level, 0, 255));
      }
    }
  }
  if (text_width < recipe.width) {
    const Scene scene = MakeScene(recipe.width - text_width, recipe.height);
    for (int y = 0; y < recipe.height; ++y) {
      std::ranges::copy(scene.sdr.view().RowSpan(y), &page.view().At(text_width, y));
    }
  }
  return page;
}

}  // namespace hdrp::test
