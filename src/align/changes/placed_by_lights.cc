#include "align/changes/placed_by_lights.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "align/changes/lights.h"

namespace hdrp {
namespace {

constexpr int kBlock = 16;             // pixels a side
constexpr double kLeastTexture = 1.2;  // codes per pixel, along the weaker direction
constexpr double kEnoughBlocks = 0.2;  // share with texture from which lights are not asked
constexpr double kAlike = 0.7;         // correlation of a block or a light that is in its place
constexpr int kLeastSupport = 4;       // blocks
constexpr int kReach = 3;              // pixels each way, in which a light is looked for
constexpr double kInPlace = 0.75;      // pixels
constexpr std::size_t kMostLights = 24;

struct Box {
  int left, top, right, bottom;  ///< right and bottom are outside
  [[nodiscard]] bool Meets(const Box& other) const {
    return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
  }
  [[nodiscard]] bool HoldsMiddleOf(const Box& other) const {
    const int x = (other.left + other.right) / 2, y = (other.top + other.bottom) / 2;
    return x >= left && x < right && y >= top && y < bottom;
  }
};

[[nodiscard]] Box BoxOf(const Light& light) {
  const auto [left, right] = std::ranges::minmax(light.core, {}, &LightPixel::x);
  const auto [top, bottom] = std::ranges::minmax(light.core, {}, &LightPixel::y);
  return {left.x, top.y, right.x + 1, bottom.y + 1};
}

[[nodiscard]] Box Grown(const Box& box, int by, const Plane<std::uint8_t>& within) {
  return {std::max(0, box.left - by), std::max(0, box.top - by),
          std::min(within.width(), box.right + by), std::min(within.height(), box.bottom + by)};
}

/// Structure along both directions, so that it cannot slide.
[[nodiscard]] bool HasTexture(const Plane<std::uint8_t>& codes, const Box& block) {
  double xx = 0, yy = 0, xy = 0;
  for (int y = std::max(1, block.top); y < std::min(block.bottom, codes.height() - 1); ++y) {
    for (int x = std::max(1, block.left); x < std::min(block.right, codes.width() - 1); ++x) {
      const double dx = (codes.Row(y)[x + 1] - codes.Row(y)[x - 1]) / 2.0;
      const double dy = (codes.Row(y + 1)[x] - codes.Row(y - 1)[x]) / 2.0;
      xx += dx * dx;
      yy += dy * dy;
      xy += dx * dy;
    }
  }
  const double area = static_cast<double>(kBlock) * kBlock;
  return ((xx + yy) - std::hypot(xx - yy, 2 * xy)) / 2 / area >= kLeastTexture * kLeastTexture;
}

/// Normalised correlation of the edit's box with the reference's, moved by (dx, dy); where the
/// moved box reaches beyond the edit it is judged by the rest.
[[nodiscard]] double Correlation(const LumaPair& compared, const Box& box, LightPixel by) {
  double n = 0, e = 0, r = 0, ee = 0, rr = 0, er = 0;
  for (int y = box.top; y < box.bottom; ++y) {
    for (int x = box.left; x < box.right; ++x) {
      const int u = x + by.x, v = y + by.y;
      if (u < 0 || v < 0 || u >= compared.edit.width() || v >= compared.edit.height()) continue;
      const double edit = compared.edit.Row(v)[u], reference = compared.reference.Row(y)[x];
      n += 1;
      e += edit;
      r += reference;
      ee += edit * edit;
      rr += reference * reference;
      er += edit * reference;
    }
  }
  const double of_edit = n * ee - e * e, of_reference = n * rr - r * r;
  if (of_edit <= 0 || of_reference <= 0) return 0;
  return (n * er - e * r) / std::sqrt(of_edit * of_reference);
}

/// Vertex of the parabola through three samples, around the middle one.
[[nodiscard]] double Vertex(double before, double at, double after) {
  const double bend = before - 2 * at + after;
  return bend < 0 ? std::clamp((before - after) / (2 * bend), -0.5, 0.5) : 0;
}

/// Found where it is, to a fraction of a pixel.
[[nodiscard]] bool IsInPlace(const LumaPair& compared, const Box& window) {
  LightPixel best;
  double most = -1;
  for (int dy = -kReach; dy <= kReach; ++dy) {
    for (int dx = -kReach; dx <= kReach; ++dx) {
      const double here = Correlation(compared, window, {dx, dy});
      if (here > most) {
        most = here;
        best = {dx, dy};
      }
    }
  }
  if (most < kAlike || std::max(std::abs(best.x), std::abs(best.y)) == kReach) return false;
  const auto at = [&](int dx, int dy) {
    return Correlation(compared, window, {best.x + dx, best.y + dy});
  };
  return std::hypot(best.x + Vertex(at(-1, 0), most, at(1, 0)),
                    best.y + Vertex(at(0, -1), most, at(0, 1))) <= kInPlace;
}

[[nodiscard]] bool LightIsInPlace(const LumaPair& compared, const Light& light) {
  return IsInPlace(compared, Grown(BoxOf(light), kReach + 1, compared.reference));
}

/// Lights, and the box of each.
struct Placed {
  std::vector<Light> lights;
  std::vector<Box> boxes;
};

/// The largest ones, each once: of what is found at several scales the closest view counts.
[[nodiscard]] Placed Distinct(std::vector<Light> lights) {
  std::ranges::stable_sort(lights, std::ranges::less{},
                           [](const Light& light) { return light.core.size(); });
  Placed result;
  for (Light& light : lights) {
    const Box box = BoxOf(light);
    const bool seen = std::ranges::any_of(
        result.boxes, [&](const Box& other) { return box.HoldsMiddleOf(other); });
    if (seen) continue;
    result.lights.push_back(std::move(light));
    result.boxes.push_back(box);
  }
  const std::size_t drop = std::max(result.boxes.size(), kMostLights) - kMostLights;
  result.lights.erase(result.lights.begin(),
                      result.lights.begin() + static_cast<std::ptrdiff_t>(drop));
  return result;
}

struct Blocks {
  int all = 0;
  std::vector<Box> textured;  ///< in either picture
};
[[nodiscard]] Blocks BlocksOf(const LumaPair& compared) {
  Blocks blocks;
  const int width = compared.edit.width(), height = compared.edit.height();
  for (int y = 0; y < height; y += kBlock) {
    for (int x = 0; x < width; x += kBlock) {
      const Box block{x, y, std::min(x + kBlock, width), std::min(y + kBlock, height)};
      ++blocks.all;
      if (HasTexture(compared.reference, block) || HasTexture(compared.edit, block)) {
        blocks.textured.push_back(block);
      }
    }
  }
  return blocks;
}

/// True where what has texture beside the lights is in its place.
[[nodiscard]] bool IsSupported(const LumaPair& compared, const Blocks& blocks,
                               const std::vector<Box>& lights) {
  int agree = 0, disagree = 0;
  for (const Box& block : blocks.textured) {
    const Box near = Grown(block, kBlock / 4, compared.edit);
    if (std::ranges::any_of(lights, [&](const Box& light) { return light.Meets(near); })) continue;
    (IsInPlace(compared, block) ? agree : disagree) += 1;
  }
  return agree >= kLeastSupport && agree >= 2 * disagree;
}

}  // namespace

PlacedByLights PlaceOfLights(const LumaPair& compared) {
  const Blocks blocks = BlocksOf(compared);
  if (static_cast<double>(blocks.textured.size()) >= kEnoughBlocks * blocks.all) {
    return PlacedByLights::kNotAsked;
  }
  const Placed reference = Distinct(LightsIn(compared.reference));
  const Placed edit = Distinct(LightsIn(compared.edit));
  const auto here = std::ranges::count_if(
      reference.lights, [&](const Light& light) { return LightIsInPlace(compared, light); });
  const auto missing = static_cast<std::ptrdiff_t>(reference.lights.size()) - here;
  const auto added = std::ranges::count_if(
      edit.lights, [&](const Light& light) { return !StandsOut(light, compared.reference); });
  const bool agree = here > 0 ? added == 0 || here >= missing : missing + added == 0;
  if (agree) return PlacedByLights::kHere;
  std::vector<Box> lights = reference.boxes;
  lights.insert(lights.end(), edit.boxes.begin(), edit.boxes.end());
  return IsSupported(compared, blocks, lights) ? PlacedByLights::kHere : PlacedByLights::kElsewhere;
}

}  // namespace hdrp
