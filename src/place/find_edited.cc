#include "place/find_edited.h"

#include <algorithm>
#include <vector>

#include "align/changes/added_frame.h"
#include "align/changes/edited_regions.h"
#include "align/changes/lost_lights.h"
#include "align/tone/luma_codes.h"
#include "align/warp/warp_gain.h"
#include "obtain/small_gain.h"
#include "place/take_larger.h"

namespace hdrp {
namespace {

constexpr int kWhiteCode = 255;

[[nodiscard]] Plane<std::uint8_t> RegionsThatDiffer(const LumaPair& compared) {
  Plane<std::uint8_t> mask = EditedRegions(compared.edit.view(), compared.reference.view());
  TakeLarger(mask, compared.outside);
  if (SaysEdited(mask)) TakeLarger(mask, AddedFrame(compared.edit.view(), mask.view()));
  return mask;
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

bool SaysEdited(const Plane<std::uint8_t>& mask) {
  for (int y = 0; y < mask.height(); ++y) {
    if (std::ranges::any_of(mask.view().RowSpan(y), [](std::uint8_t m) { return m != 0; }))
      return true;
  }
  return false;
}

Expected<Plane<std::uint8_t>> FindEdited(const Framing& framing, const MapInProgress& map,
                                         Orientation orientation, const Limits& limits) {
  if (!framing.compared) return Plane<std::uint8_t>();
  Plane<std::uint8_t> mask = RegionsThatDiffer(*framing.compared);
  const std::vector<Light> lost = LostLights(*framing.compared, kWhiteCode);
  if (lost.empty()) return mask;
  HDRP_ASSIGN_OR_RETURN(const Plane<float> gain, SmallGain(map, orientation, limits));
  TakeLarger(mask, GainOfLights(lost, InFraming(gain, framing).view()));
  return mask;
}

Plane<std::uint8_t> FindEditedIn(const Framing& framing, const LightCodes& codes) {
  if (!framing.compared) return {};
  Plane<std::uint8_t> mask = RegionsThatDiffer(*framing.compared);
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
