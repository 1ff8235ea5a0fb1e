// Gains of one space's channels as gains of another's. What a display shows is base times gain in
// linear light, channel by channel; in other primaries the channels mix, so the gains can only be
// moved where the base's pixels are known: the HDR rendition is made as the map means it, both
// renditions are taken to the new primaries, and their ratio is the new gain (docs/formulas.md).
#include "obtain/move_gains.h"

#include <algorithm>
#include <cmath>

#include "base/formatted.h"
#include "color/convert_base.h"
#include "color/rgb_conversion.h"
#include "gainmap/apply.h"
#include "gainmap/coloured.h"
#include "gainmap/derive.h"
#include "gainmap/fine_gain.h"
#include "gainmap/gain_rows.h"
#include "obtain/area_light.h"
#include "obtain/gain_primaries.h"
#include "obtain/rendered_light.h"

namespace hdrp {
namespace {

constexpr int kFineBandRows = 16;
/// A channel below this is outside the gamut: so much of linear light and of the pixel's brightest
/// channel is what 8-bit codes leave open anyway.
constexpr float kOutsideLinear = 0.002F;
constexpr float kOutsideShare = 0.01F;
/// Finest step that a JPEG can have for the new samples at a sensible size.
constexpr int kFlatStep = 2;
constexpr double kSaidShare = 0.001;

[[nodiscard]] bool IsOutside(std::span<const float> pixel) {
  const auto [low, high] = std::ranges::minmax(pixel);
  return low < -std::max(kOutsideLinear, kOutsideShare * high);
}

/// The three spaces.
struct Spaces {
  Chromaticities base, gains, target;
};

struct Moved {
  FineGain gain;
  double outside_share = 0;
};

/// At the map's size, or at the base's where that is smaller.
[[nodiscard]] Expected<Moved> Move(const EncodedGainMap& map, LightRows base, const Spaces& spaces,
                                   const StopCondition& stop) {
  HDRP_ASSIGN_OR_RETURN(const RgbConversion to_gains,
                        RgbConversion::Create(spaces.base, spaces.gains));
  HDRP_ASSIGN_OR_RETURN(const RgbConversion gains_to_target,
                        RgbConversion::Create(spaces.gains, spaces.target));
  HDRP_ASSIGN_OR_RETURN(const RgbConversion base_to_target,
                        RgbConversion::Create(spaces.base, spaces.target));
  const RasterSize size{std::min(map.codes.width(), base.raster.width),
                        std::min(map.codes.height(), base.raster.height)};
  const Xyz weights = XyzFromRgb(spaces.target)[1];
  FineGainCollector collector(size.width, size.height, 3,
                              {static_cast<float>(weights[0]), static_cast<float>(weights[1]),
                               static_cast<float>(weights[2])});
  AreaLight reduced(std::move(base), size);
  const GainRows gains(map, size.width, size.height);
  const ApplyConstants constants = ApplyConstantsOf(map.metadata, 1);
  const auto samples = static_cast<std::size_t>(3 * size.width);
  std::vector<float> stops(samples), in_gains(samples);
  Plane<float> sdr(size.width, 1, 3), hdr(size.width, 1, 3);
  std::uint64_t outside = 0;
  for (int y = 0; y < size.height; ++y) {
    if (y % kFineBandRows == 0) {
      HDRP_RETURN_IF_ERROR(stop.Check("gain map"));
    }
    const std::span<float> base_row = sdr.view().RowSpan(0);
    const std::span<float> hdr_row = hdr.view().RowSpan(0);
    HDRP_RETURN_IF_ERROR(reduced.Row(base_row));
    std::ranges::copy(base_row, in_gains.begin());
    to_gains.Row(in_gains);
    gains.Row(y, stops);
    ApplyGainRow(in_gains, stops, constants, hdr_row);
    gains_to_target.Row(hdr_row);
    base_to_target.Row(base_row);
    for (std::size_t i = 0; i < samples; i += 3) {
      outside += IsOutside(hdr_row.subspan(i, 3)) ? 1U : 0U;
    }
    // What an edit in the target's space can show of the base.
    for (float& value : base_row) value = std::clamp(value, 0.0F, 1.0F);
    collector.Add(hdr.view(), std::as_const(sdr).view());
  }
  return Moved{collector.Take(),
               static_cast<double>(outside) / (static_cast<double>(size.width) * size.height)};
}

/// Range of the new gains: all of them, but single pixels widen it by a stop at most. The headrooms
/// stay: they are the same two renditions.
[[nodiscard]] GainMapMetadata NumbersFor(const FineGain& gain, const GainMapMetadata& old) {
  constexpr double kFewShare = 0.0001;
  constexpr double kMostBeyondStops = 1;
  constexpr double kLeastRangeStops = 0.125;
  GainMapMetadata numbers;
  const double top = std::min(gain.Quantile(1), gain.Quantile(1 - kFewShare) + kMostBeyondStops);
  const double bottom = std::max(gain.Quantile(0), gain.Quantile(kFewShare) - kMostBeyondStops);
  numbers.gain_map_max.fill(top);
  numbers.gain_map_min.fill(std::min(bottom, top - kLeastRangeStops));
  numbers.base_hdr_headroom = old.base_hdr_headroom;
  numbers.alternate_hdr_headroom = old.alternate_hdr_headroom;
  return MetadataFrom(FractionsOf(numbers), true);
}

[[nodiscard]] std::string NameOf(const Chromaticities& primaries) {
  const auto code = PrimariesCode(primaries);
  if (!code) return "the file's own primaries";
  return *code == 1 ? "sRGB primaries" : *code == 9 ? "Rec. 2020 primaries" : "P3 primaries";
}

}  // namespace

Expected<MapInProgress> MoveGains(MapInProgress map, GainMapFile& reference, const EditJpeg& edit,
                                  std::optional<int> quality, const Resources& resources) {
  if (map.components == 1 && map.metadata.IsSingleChannel()) return map;
  Expected<LightRows> light = OpenBaseLight(reference, resources.limits, resources.stop());
  const Expected<BaseColor> color = BaseColorOf(edit.parsed);
  if (!map.gain_primaries && (!light || !color)) {
    // Profiles of tables, mostly. The gains are copied, as they are where both spaces are the same.
    map.warnings.push_back(
        Formatted("whether the gain map's colours suit the edit's colour space is not known: {}",
                  (light ? color.error() : light.error()).message));
    return map;
  }
  HDRP_RETURN_IF_ERROR(light);
  HDRP_RETURN_IF_ERROR(Within(edit.name(), color));
  const Spaces spaces{light->primaries, map.gain_primaries.value_or(light->primaries),
                      color->primaries};
  if (!map.gain_primaries && SamePrimaries(spaces.base, spaces.target)) return map;
  HDRP_RETURN_IF_ERROR(EnsureCodes(map, resources.limits));
  map.codes->metadata = map.metadata;
  if (!IsColoured(*map.codes)) return map;

  HDRP_ASSIGN_OR_RETURN(
      const Moved moved,
      Within(reference.file->name, Move(*map.codes, *std::move(light), spaces, resources.stop())));
  map.metadata = NumbersFor(moved.gain, map.metadata);
  map.codes = EncodeFineGain(moved.gain.units.view(), 1, map.metadata);
  map.width = map.codes->codes.width();
  map.height = map.codes->codes.height();
  map.gain_primaries.reset();
  if (!quality) map.flat_step = kFlatStep;
  const std::string share =
      Formatted("{:.2f} % of the HDR rendition's pixels lie outside it", 100 * moved.outside_share);
  map.steps.push_back(Formatted("gains taken from {} to the base's, {}, through its pixels; {}",
                                NameOf(spaces.gains), NameOf(spaces.target), share));
  if (moved.outside_share > kSaidShare) {
    map.warnings.push_back(
        Formatted("the gain map is coloured and was brought to the gamut of the base; {}: they are "
                  "shown less saturated",
                  share));
  }
  return map;
}

}  // namespace hdrp
