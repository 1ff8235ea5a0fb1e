#include "align/changes/lost_lights.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "align/changes/box.h"

namespace hdrp {
namespace {

constexpr double kPlainLight = 0.95;    // rank in the reference of a light that can be judged
constexpr int kNearWhite = 6;           // codes
constexpr double kRankOfNothing = 0.7;  // in the edit, where nothing is left of a light
constexpr double kMostLeft = 0.1;       // of a light's contrast, likewise
constexpr int kLeastSide = 192;         // pixels: in smaller pictures lights and texture look alike
constexpr float kLeastLift = 0.2F;      // stops over the surroundings of a light that carries gain
constexpr float kGlow = 0.1F;           // share of that lift at which the glow ends
constexpr float kLeastGlow = 0.04F;     // stops
constexpr float kUphill = 0.05F;        // stops: what rises by more is another light's
constexpr int kMargin = 2;              // pixels around what is found

[[nodiscard]] float MeanOf(const std::vector<LightPixel>& pixels, PlaneView<const float> values) {
  double sum = 0;
  for (const LightPixel p : pixels) sum += static_cast<double>(values.At(p.x, p.y));
  return static_cast<float>(sum / static_cast<double>(std::max<std::size_t>(1, pixels.size())));
}

/// Downhill from the light until its surroundings' gain is reached.
void Spread(const Light& light, PlaneView<const float> gain, float end, Plane<std::uint8_t>& mask) {
  std::vector<LightPixel> next = light.core;
  for (const LightPixel p : next) mask.Row(p.y)[p.x] = 255;
  while (!next.empty()) {
    const LightPixel p = next.back();
    next.pop_back();
    const float here = gain.At(p.x, p.y);
    for (const LightPixel q :
         {LightPixel{p.x - 1, p.y}, {p.x + 1, p.y}, {p.x, p.y - 1}, {p.x, p.y + 1}}) {
      if (q.x < 0 || q.y < 0 || q.x >= gain.width || q.y >= gain.height) continue;
      const float there = gain.At(q.x, q.y);
      if (mask.Row(q.y)[q.x] != 0 || there < end || there > here + kUphill) continue;
      mask.Row(q.y)[q.x] = 255;
      next.push_back(q);
    }
  }
}

}  // namespace

std::vector<Light> LostLights(const LumaPair& compared, int white) {
  std::vector<Light> lost;
  if (std::max(compared.edit.width(), compared.edit.height()) < kLeastSide) return lost;
  for (Light& light : LightsIn(compared.reference, white)) {
    const Standing there = StandingOf(light, compared.reference);
    // On surroundings as bright as white no SDR picture can show it.
    if (there.rank < kPlainLight || there.ring >= white - kNearWhite) continue;
    if (StandsOut(light, compared.edit)) continue;
    const Standing here = StandingOf(light, compared.edit);
    if (here.ring >= white - kNearWhite) continue;
    // What is only flattened, by clipping or by a tone curve, is still there.
    if (here.rank > kRankOfNothing || here.contrast > 1 + kMostLeft * there.contrast) continue;
    lost.push_back(std::move(light));
  }
  return lost;
}

Plane<std::uint8_t> GainOfLights(const std::vector<Light>& lights, PlaneView<const float> gain) {
  Plane<std::uint8_t> mask(gain.width, gain.height);
  for (const Light& light : lights) {
    const float around = MeanOf(light.ring, gain);
    const float lift = MeanOf(light.core, gain) - around;
    if (lift < kLeastLift) continue;
    Spread(light, gain, around + std::max(kLeastGlow, kGlow * lift), mask);
  }
  return BoxMax(mask, kMargin);
}

}  // namespace hdrp
