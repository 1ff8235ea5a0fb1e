#include "pipeline/find_edited.h"

#include <algorithm>
#include <vector>

#include "align/lost_lights.h"
#include "align/luma_codes.h"
#include "align/placed_by_lights.h"
#include "align/placement.h"
#include "align/warp_gain.h"

namespace hdrp {
namespace {

constexpr int kWhiteCode = 255;

void TakeLarger(Plane<std::uint8_t>& mask, const Plane<std::uint8_t>& other) {
  for (int y = 0; y < mask.height(); ++y) {
    std::ranges::transform(mask.view().RowSpan(y), other.view().RowSpan(y), mask.Row(y),
                           [](std::uint8_t a, std::uint8_t b) { return std::max(a, b); });
  }
}

/// The reference's gain (displayed, stops) where the edit shows it.
[[nodiscard]] Plane<float> InFraming(const Plane<float>& gain, const Framing& framing) {
  const RasterSize size{framing.compared->edit.width(), framing.compared->edit.height()};
  return Warped(gain.view(),
                {{size.width, size.height, Orientation::kTopLeft},
                 {gain.width(), gain.height(), Orientation::kTopLeft},
                 framing.alignment ? framing.alignment->to_reference : FramingMap{}},
                size);
}

}  // namespace

Expected<void> CheckLights(const Framing& framing, const Request& request) {
  if (!framing.compared || PlaceOfLights(*framing.compared) != PlacedByLights::kElsewhere) {
    return {};
  }
  return Fail(ErrorCode::kMismatch, request.reference->name,
              "not the same photograph, or not the same framing, as {}: next to nothing but lights "
              "has structure, and they are not in the same places",
              request.base.name);
}

Expected<Plane<std::uint8_t>> FindEditedAndLights(const Framing& framing, const MapInProgress& map,
                                                  Orientation orientation, const Limits& limits) {
  Plane<std::uint8_t> mask = FindEdited(framing);
  if (!framing.compared) return mask;
  const std::vector<Light> lost = LostLights(*framing.compared, kWhiteCode);
  if (lost.empty()) return mask;
  const Expected<Plane<float>> gain = SmallGain(map, orientation, limits);
  if (!gain) return std::unexpected(gain.error());
  TakeLarger(mask, GainOfLights(lost, InFraming(*gain, framing).view()));
  return mask;
}

Plane<std::uint8_t> FindEditedIn(const Framing& framing, const LightCodes& codes) {
  Plane<std::uint8_t> mask = FindEdited(framing);
  if (!framing.compared) return mask;
  const std::vector<Light> lost = LostLights(*framing.compared, codes.white);
  if (lost.empty()) return mask;
  Plane<float> stops = Floats(framing.compared->reference.view());
  for (int y = 0; y < stops.height(); ++y) {
    for (float& value : stops.view().RowSpan(y)) value /= codes.per_stop;
  }
  TakeLarger(mask, GainOfLights(lost, stops.view()));
  return mask;
}

}  // namespace hdrp
