#include "pipeline/derive_map.h"

#include <algorithm>
#include <cmath>

#include "base/formatted.h"
#include "gainmap/derive.h"
#include "gainmap/fine_gain.h"
#include "pipeline/map_coding.h"

namespace hdrp {
namespace {

/// Phones lift mid-tones too: a Pixel 6 Pro's by 1.83 stops. Beyond this the file's unit is not SDR
/// white.
constexpr double kMaxMidToneRatioStops = 2.5;

/// The factor on the HDR's linear light that the user asked for; 1 where nothing was asked.
[[nodiscard]] double AskedScale(const Options& options) {
  return kSdrWhiteNits / options.hdr_white_nits.value_or(kSdrWhiteNits) *
         std::exp2(options.hdr_exposure_stops.value_or(0));
}

[[nodiscard]] bool MayAnchor(const Options& options, const HdrLight& light) {
  return options.anchor && !options.hdr_white_nits && !options.hdr_exposure_stops &&
         light.has_free_scale;
}

/// The map's numbers, its headroom no higher than the highest gain that is left in it: small peaks
/// are averaged away where the map is reduced.
[[nodiscard]] GainMapMetadata HeadroomWithin(const EncodedGainMap& map) {
  std::uint8_t top = 1;
  for (int y = 0; y < map.codes.height(); ++y) {
    top = std::max(top, std::ranges::max(map.codes.view().RowSpan(y)));
  }
  GainMapMetadata metadata = map.metadata;
  const auto highest = static_cast<double>(StopsOfCodes(metadata, 0)[top]);
  if (metadata.alternate_hdr_headroom <= highest) return metadata;
  metadata.alternate_hdr_headroom = std::max(highest, kLeastLiftStops);
  metadata.fractions.reset();
  return MetadataFrom(FractionsOf(metadata), metadata.use_base_color_space);
}

}  // namespace

Expected<HdrLight> OpenOriginal(const Renditions& renditions, double anchor_stops) {
  return OpenHdrLight(renditions.original, renditions.color.primaries,
                      AskedScale(renditions.request.options) * std::exp2(anchor_stops),
                      renditions.request);
}

Expected<Derived> Derive(const Renditions& renditions, HdrLight light, const Comparable& where) {
  Expected<Compared> compared = CompareRenditions(renditions, std::move(light), where);
  if (!compared) return std::unexpected(std::move(compared.error()));
  const std::optional<double> ratio = compared->mid_tone_ratio_stops;
  if (!ratio || std::abs(*ratio) <= kMaxMidToneRatioStops)
    return Derived{*std::move(compared), {}, {}};
  if (!MayAnchor(renditions.request.options, compared->rendition.light())) {
    return Derived{
        *std::move(compared),
        {},
        {Formatted("the reference's mid-tones are {:+.2f} stops from the edit's", *ratio)}};
  }
  Expected<HdrLight> again = OpenOriginal(renditions, -*ratio);
  if (!again) return std::unexpected(std::move(again.error()));
  compared = CompareRenditions(renditions, *std::move(again), where);
  if (!compared) return std::unexpected(std::move(compared.error()));
  return Derived{*std::move(compared),
                 -*ratio,
                 {Formatted("the reference's mid-tones were {:+.2f} stops from the edit's: it was "
                            "scaled by {:+.2f} stops (--no-anchor, --hdr-exposure and --hdr-white "
                            "prevent it)",
                            *ratio, -*ratio)}};
}

Expected<MapInProgress> MapOf(const Renditions& renditions, const Derived& derived,
                              Report& report) {
  const auto& [base, color, original, request] = renditions;
  const Options& options = request.options;
  const FineGain& gain = derived.compared.gain;
  report.anchor_stops = derived.anchor_stops;
  std::ranges::copy(derived.warnings, std::back_inserter(report.warnings));
  const std::optional<GainMapMetadata> metadata = MetadataFor(gain);
  if (!metadata) {
    return Fail(ErrorCode::kNoGainMap, original.file.name,
                "nothing in the reference is brighter than in {}: the highest gain is {:.3f} stop, "
                "expected at least {}",
                base.file->name, gain.Quantile(1), kLeastLiftStops);
  }
  const std::size_t base_bytes = base.parsed.primary.end - base.parsed.primary.begin;
  const Expected<MapCoding> coding = ChooseMapCoding(
      gain, *metadata,
      {.scale = options.gain_map_scale,
       .quality = options.map_quality,
       .budget_bytes =
           std::max(kLeastMapBudgetBytes,
                    static_cast<std::size_t>(kMapShareOfBase * static_cast<double>(base_bytes)))},
      request.parallelism.stop);
  if (!coding) return Within("gain map", coding.error());

  MapInProgress result;
  result.codes = EncodeFineGain(gain.units.view(), coding->scale, *metadata);
  result.metadata = HeadroomWithin(*result.codes);
  result.width = result.codes->codes.width();
  result.height = result.codes->codes.height();
  result.flat_step = coding->flat_step;
  const HdrRendition& rendition = derived.compared.rendition;
  result.steps = rendition.steps();
  result.steps.push_back(
      original.with_map != nullptr
          ? Formatted("derived from the reference's HDR rendition at 1:{}", coding->scale)
          : Formatted("derived from {} at 1:{}", rendition.light().kind, coding->scale));
  for (const std::string& warning : rendition.light().warnings) {
    report.warnings.push_back(original.file.name + ": " + warning);
  }
  if (gain.non_finite_pixels > 0) {
    report.warnings.push_back(
        Formatted("{}: {} pixels are not finite: places that are NaN count as edited (--fill), "
                  "single ones are the edit's own light, infinity is {} times SDR white",
                  original.file.name, gain.non_finite_pixels, kInfinityStandIn));
  }
  report.non_finite_pixels = gain.non_finite_pixels;
  report.fidelity = coding->error;
  return result;
}

}  // namespace hdrp
