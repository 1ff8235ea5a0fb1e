#include "align/changes/lights.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <numbers>
#include <utility>

#include "align/changes/box.h"

namespace hdrp {
namespace {

constexpr int kStandsOut = 24;    // codes over the surroundings
constexpr int kFaintlyOut = 6;    // likewise, at least, where white is near
constexpr double kOfWhite = 0.5;  // likewise, of what white leaves over the surroundings
constexpr int kAsDark = 8;        // codes; what stands out by less belongs to the surroundings
constexpr std::size_t kLeastRing = 8;
constexpr int kLeastDistance = 3;  // pixels, across the ring
constexpr double kMostOfPicture = 0.25;
constexpr int kSlack = 2;  // pixels that two pictures may lie apart

/// Lights are looked for where they are some pixels across.
struct Scale {
  int reduction;
  int reach;          ///< pixels: half of the widest
  std::size_t least;  ///< pixels of the smallest
};
constexpr std::array<Scale, 3> kScales = {{{1, 8, 5}, {4, 10, 3}, {8, 16, 3}}};

/// Where the pixel of a small raster begins in a large one.
[[nodiscard]] int BeginOf(int at, int small, int large) { return at * large / small; }

/// Means of blocks.
[[nodiscard]] Plane<std::uint8_t> Reduced(const Plane<std::uint8_t>& codes, int reduction) {
  if (reduction == 1) return codes.Clone();
  Plane<std::uint8_t> result(std::max(1, codes.width() / reduction),
                             std::max(1, codes.height() / reduction));
  std::vector<int> sums(static_cast<std::size_t>(codes.width()));
  for (int y = 0; y < result.height(); ++y) {
    const int top = BeginOf(y, result.height(), codes.height());
    const int bottom = BeginOf(y + 1, result.height(), codes.height());
    std::ranges::fill(sums, 0);
    for (int v = top; v < bottom; ++v) {
      std::ranges::transform(sums, codes.view().RowSpan(v), sums.begin(), std::plus<>());
    }
    for (int x = 0; x < result.width(); ++x) {
      const int left = BeginOf(x, result.width(), codes.width());
      const int right = BeginOf(x + 1, result.width(), codes.width());
      int sum = 0;
      for (int u = left; u < right; ++u) sum += sums[static_cast<std::size_t>(u)];
      result.Row(y)[x] = static_cast<std::uint8_t>(sum / ((bottom - top) * (right - left)));
    }
  }
  return result;
}

/// Codes over the surroundings: over the brightest window of that reach's darkest pixel.
[[nodiscard]] Plane<std::uint8_t> TopHat(const Plane<std::uint8_t>& codes, int reach) {
  Plane<std::uint8_t> result = BoxMax(BoxMin(codes, reach), reach);
  for (int y = 0; y < codes.height(); ++y) {
    std::ranges::transform(codes.view().RowSpan(y), result.view().RowSpan(y), result.Row(y),
                           [](std::uint8_t code, std::uint8_t level) {
                             return static_cast<std::uint8_t>(code - std::min(code, level));
                           });
  }
  return result;
}

/// 1 where a pixel stands out, else 0.
[[nodiscard]] Plane<std::uint8_t> OutIn(const Plane<std::uint8_t>& codes,
                                        const Plane<std::uint8_t>& hat, std::optional<int> white) {
  std::array<std::uint8_t, 256> needed{};  // by the surroundings' code
  for (int level = 0; level < 256; ++level) {
    double least = kStandsOut;
    if (white && level < *white) {
      least = std::clamp(kOfWhite * (*white - level), double{kFaintlyOut}, double{kStandsOut});
    }
    needed[static_cast<std::size_t>(level)] = static_cast<std::uint8_t>(std::lround(least));
  }
  Plane<std::uint8_t> out(hat.width(), hat.height());
  for (int y = 0; y < hat.height(); ++y) {
    std::ranges::transform(codes.view().RowSpan(y), hat.view().RowSpan(y), out.Row(y),
                           [&](std::uint8_t code, std::uint8_t over) {
                             const auto level = static_cast<std::size_t>(code - over);
                             return static_cast<std::uint8_t>(over >= needed[level] ? 1 : 0);
                           });
  }
  return out;
}

/// The pixels connected with `start` that are left in `open`, and no longer there.
[[nodiscard]] std::vector<LightPixel> TakeConnected(Plane<std::uint8_t>& open, LightPixel start) {
  std::vector<LightPixel> taken;
  std::vector<LightPixel> next = {start};
  open.Row(start.y)[start.x] = 0;
  while (!next.empty()) {
    const LightPixel p = next.back();
    next.pop_back();
    taken.push_back(p);
    for (const LightPixel q :
         {LightPixel{p.x - 1, p.y}, {p.x + 1, p.y}, {p.x, p.y - 1}, {p.x, p.y + 1}}) {
      if (q.x < 0 || q.y < 0 || q.x >= open.width() || q.y >= open.height()) continue;
      if (open.Row(q.y)[q.x] == 0) continue;
      open.Row(q.y)[q.x] = 0;
      next.push_back(q);
    }
  }
  return taken;
}

/// What lies around at about half of its radius, and does not itself stand out.
[[nodiscard]] std::vector<LightPixel> RingOf(const std::vector<LightPixel>& pixels,
                                             const Plane<std::uint8_t>& hat) {
  const auto [left, right] = std::ranges::minmax(pixels, {}, &LightPixel::x);
  const auto [top, bottom] = std::ranges::minmax(pixels, {}, &LightPixel::y);
  const double radius = std::sqrt(static_cast<double>(pixels.size()) / std::numbers::pi);
  const int across = std::max(kLeastDistance, static_cast<int>(radius / 2));
  const int margin = across + 1;
  const LightPixel from{std::max(0, left.x - margin), std::max(0, top.y - margin)};
  const LightPixel to{std::min(hat.width() - 1, right.x + margin),
                      std::min(hat.height() - 1, bottom.y + margin)};
  Plane<std::uint8_t> core(to.x - from.x + 1, to.y - from.y + 1);
  for (const LightPixel p : pixels) core.Row(p.y - from.y)[p.x - from.x] = 1;
  const Plane<std::uint8_t> near = BoxMax(core, 1);
  const Plane<std::uint8_t> far = BoxMax(near, across);
  std::vector<LightPixel> ring;
  for (int y = from.y; y <= to.y; ++y) {
    for (int x = from.x; x <= to.x; ++x) {
      const bool around =
          far.Row(y - from.y)[x - from.x] != 0 && near.Row(y - from.y)[x - from.x] == 0;
      if (around && hat.Row(y)[x] < kAsDark) ring.push_back({x, y});
    }
  }
  return ring;
}

/// Pixels of a reduced raster as those of the whole one.
[[nodiscard]] std::vector<LightPixel> Enlarged(const std::vector<LightPixel>& pixels,
                                               const Plane<std::uint8_t>& from,
                                               const Plane<std::uint8_t>& to) {
  std::vector<LightPixel> result;
  const int across = to.width() / from.width() + 1;
  result.reserve(pixels.size() * static_cast<std::size_t>(across * across));
  for (const LightPixel p : pixels) {
    const int bottom = BeginOf(p.y + 1, from.height(), to.height());
    const int right = BeginOf(p.x + 1, from.width(), to.width());
    for (int y = BeginOf(p.y, from.height(), to.height()); y < bottom; ++y) {
      for (int x = BeginOf(p.x, from.width(), to.width()); x < right; ++x) result.push_back({x, y});
    }
  }
  return result;
}

using Counts = std::array<int, 256>;

[[nodiscard]] Counts CountsOf(const std::vector<LightPixel>& pixels,
                              const Plane<std::uint8_t>& codes, LightPixel by) {
  Counts counts{};
  for (const LightPixel p : pixels) {
    const int x = p.x + by.x, y = p.y + by.y;
    if (x < 0 || y < 0 || x >= codes.width() || y >= codes.height()) continue;
    ++counts[codes.Row(y)[x]];
  }
  return counts;
}

[[nodiscard]] int MedianOf(const Counts& counts) {
  int total = 0, below = 0, code = 0;
  for (const int count : counts) total += count;
  for (; code < 255 && 2 * (below + counts[static_cast<std::size_t>(code)]) < total; ++code) {
    below += counts[static_cast<std::size_t>(code)];
  }
  return code;
}

/// Without what lies in the coarse pixels of its edge and is darker than half of it.
void Sharpen(Light& light, const Plane<std::uint8_t>& codes) {
  const Standing standing = StandingOf(light, codes);
  const double half = standing.ring + standing.contrast / 2;
  std::erase_if(light.core, [&](LightPixel p) { return codes.Row(p.y)[p.x] < half; });
}

}  // namespace

std::vector<Light> LightsIn(const Plane<std::uint8_t>& codes, std::optional<int> white) {
  std::vector<Light> lights;
  for (const Scale& scale : kScales) {
    const Plane<std::uint8_t> reduced = Reduced(codes, scale.reduction);
    if (std::min(reduced.width(), reduced.height()) <= 2 * kLeastDistance) break;
    const Plane<std::uint8_t> hat = TopHat(reduced, scale.reach);
    const auto most = static_cast<std::size_t>(kMostOfPicture * hat.width() * hat.height());
    Plane<std::uint8_t> open = OutIn(reduced, hat, white);
    for (int y = 0; y < hat.height(); ++y) {
      for (int x = 0; x < hat.width(); ++x) {
        if (open.Row(y)[x] == 0) continue;
        const std::vector<LightPixel> core = TakeConnected(open, {x, y});
        if (core.size() < scale.least || core.size() > most) continue;
        const std::vector<LightPixel> ring = RingOf(core, hat);
        if (ring.size() < kLeastRing) continue;
        Light light{Enlarged(core, hat, codes), Enlarged(ring, hat, codes)};
        Sharpen(light, codes);
        // Where the whole raster does not show what a reduced one did, nothing is left.
        if (!light.core.empty()) lights.push_back(std::move(light));
      }
    }
  }
  return lights;
}

Standing StandingOf(const Light& light, const Plane<std::uint8_t>& codes, LightPixel by) {
  const Counts core = CountsOf(light.core, codes, by), ring = CountsOf(light.ring, codes, by);
  double wins = 0, cores = 0, below = 0;
  for (std::size_t code = 0; code < 256; ++code) {
    wins += core[code] * (below + 0.5 * ring[code]);
    cores += core[code];
    below += ring[code];
  }
  Standing result;
  if (cores == 0 || below == 0) return result;
  result.rank = wins / (cores * below);
  result.ring = MedianOf(ring);
  result.contrast = MedianOf(core) - result.ring;
  return result;
}

bool StandsOut(const Light& light, const Plane<std::uint8_t>& codes) {
  if (StandingOf(light, codes).IsOut()) return true;
  for (int dy = -kSlack; dy <= kSlack; ++dy) {
    for (int dx = -kSlack; dx <= kSlack; ++dx) {
      if (StandingOf(light, codes, {dx, dy}).IsOut()) return true;
    }
  }
  return false;
}

}  // namespace hdrp
