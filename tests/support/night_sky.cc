#include "support/night_sky.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "color/transfer.h"

namespace hdrp::test {
namespace {

constexpr double kAspect = 4.0 / 3;
constexpr int kStars = 120;
constexpr double kStarRadius = 0.0016;  // of the width
constexpr double kStarReach = 0.015;    // of a side, beyond which nothing is seen of one

[[nodiscard]] double Uniform(std::mt19937& random, double low, double high) {
  return low + (high - low) * static_cast<double>(random()) / 4294967295.0;
}

[[nodiscard]] double Distance(const SkyLight& light, Point p) {
  return std::hypot(light.x - p.x, (light.y - p.y) / kAspect);
}

/// 1 inside, 0 outside, over 6 % of the radius.
[[nodiscard]] double Covers(const SkyLight& light, Point p) {
  return std::clamp((1.03 - Distance(light, p) / light.radius) / 0.06, 0.0, 1.0);
}

[[nodiscard]] std::vector<SkyLight> Stars(const NightSky& sky) {
  std::vector<SkyLight> stars;
  std::mt19937 random(sky.seed + 100);
  for (int i = 0; sky.kind == SkyKind::kStarry && i < kStars; ++i) {
    const double x = Uniform(random, 0, 1), y = Uniform(random, 0, 1);
    stars.push_back({x, y, kStarRadius, 0, Uniform(random, 0.1, 0.5)});
  }
  std::ranges::sort(stars, {}, &SkyLight::y);
  return stars;
}

}  // namespace

NightSky MakeNightSky(SkyKind kind, int count, unsigned seed) {
  NightSky sky{kind, {}, seed};
  std::mt19937 random(seed);
  for (int tries = 0; static_cast<int>(sky.lights.size()) < count && tries < 1000; ++tries) {
    const double x = Uniform(random, 0.12, 0.88), y = Uniform(random, 0.12, 0.88);
    const SkyLight light{x, y, Uniform(random, 0.02, 0.06), Uniform(random, 1.5, 3)};
    const bool apart = std::ranges::all_of(sky.lights, [&](const SkyLight& other) {
      return Distance(other, {x, y}) > 1.6 * (other.radius + light.radius);
    });
    if (apart) sky.lights.push_back(light);
  }
  return sky;
}

Scene Photographed(const NightSky& sky, const Homography& to_sky, int width, int height) {
  const std::vector<SkyLight> stars = Stars(sky);
  Scene scene{Plane<float>(width, height, 3), Plane<std::uint8_t>(width, height, 3),
              Plane<float>(width, height)};
  std::mt19937 grain(sky.seed + 7);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const Point p = Apply(to_sky, {(x + 0.5) / width, (y + 0.5) / height});
      double level = sky.level * (sky.kind == SkyKind::kPlain ? 1 : 0.4 + 2 * p.y);
      for (auto star = std::ranges::lower_bound(stars, p.y - kStarReach, {}, &SkyLight::y);
           star != stars.end() && star->y < p.y + kStarReach; ++star) {
        if (std::abs(star->x - p.x) > kStarReach) continue;
        const double off = Distance(*star, p) / star->radius;
        level += star->level * std::exp(-off * off / 2);
      }
      double stops = 0;
      for (const SkyLight& light : sky.lights) {
        const double share = Covers(light, p);
        level += share * (light.level - level);
        stops += share * (light.stops - stops);
      }
      const double noise = static_cast<double>(grain() % 3) - 1;
      const double code =
          std::clamp(255 * SrgbFromLinear(std::min(1.0, level)) + noise, 0.0, 255.0);
      std::fill_n(scene.sdr.Row(y) + 3 * x, 3, static_cast<std::uint8_t>(code + 0.5));
      const double light = std::max(0.0, (level + 1.0 / 64) * std::exp2(stops) - 1.0 / 64);
      std::fill_n(scene.hdr.Row(y) + 3 * x, 3, static_cast<float>(light));
      scene.gain_stops.Row(y)[x] = static_cast<float>(stops);
    }
  }
  return scene;
}

}  // namespace hdrp::test
