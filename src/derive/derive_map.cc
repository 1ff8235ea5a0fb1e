#include "derive/derive_map.h"

#include <algorithm>
#include <cmath>

#include "base/formatted.h"
#include "derive/map_coding.h"
#include "gainmap/derive.h"
#include "gainmap/fine_gain.h"

namespace hdrp {
namespace {

/// Phones lift mid-tones too: a Pixel 6 Pro's by 1.83 stops. Beyond this the file's unit is not SDR
/// white.
constexpr double kMaxMidToneRatioStops = 2.5;

[[nodiscard]] bool MayAnchor(const DeriveOptions& options, const HdrLight& light) {
  return options.anchor && !options.hdr_white_nits && !options.hdr_exposure_stops &&
         light.has_free_scale;
}

[[nodiscard]] std::size_t ShareOf(std::size_t base_bytes, double share) {
  return std::max(kLeastMapBudgetBytes,
                  static_cast<std::size_t>(share * static_cast<double>(base_bytes)));
}

/// What a map may lose without a word, at the 99th percentile and at the peak.
constexpr double kUnmentionedLossStops = 0.3;

[[nodiscard]] std::optional<std::string> LossWarning(const GainError& error) {
  if (error.p99_stops <= kUnmentionedLossStops &&
      std::abs(error.peak_kept_stops) <= kUnmentionedLossStops) {
    return std::nullopt;
  }
  return Formatted(
      "the derived gain map loses much of the reference: 1 % of the HDR picture is more than "
      "{:.2f} "
      "stops off, its peak {:+.2f} stops (--map-quality 90 or --gain-map-scale 1 may keep more, in "
      "a larger file)",
      error.p99_stops, error.peak_kept_stops);
}

/// Honest phone photographs lift their mid-tones by up to a stop (constant maps of 1.04 to 1.09
/// stops are seen), hardly any lowers them.
constexpr double kMidTonesTooDarkStops = -0.7;
constexpr double kMidTonesTooBrightStops = 1.1;

[[nodiscard]] std::optional<std::string> MidToneWarning(double ratio_stops,
                                                        const DeriveOptions& options) {
  if (ratio_stops >= kMidTonesTooDarkStops && ratio_stops <= kMidTonesTooBrightStops) {
    return std::nullopt;
  }
  return Formatted(
      "the reference's mid-tones are {:+.2f} stops from the edit's, so most of the HDR picture is "
      "{} than the edit; --hdr-exposure {:+.2f} makes them alike",
      ratio_stops, ratio_stops < 0 ? "darker" : "brighter",
      options.hdr_exposure_stops.value_or(0) - ratio_stops);
}

/// What users have to know of the original that was read.
void WarnOf(const HdrOriginal& original, const RenditionComparison& comparison,
            std::vector<std::string>& warnings) {
  const std::string& name = original.file.name;
  const HdrLight& light = comparison.rendition.light();
  for (const std::string& warning : light.warnings) warnings.push_back(name + ": " + warning);
  const auto& largest = light.largest_unexplained;
  if (largest && *largest <= 1) {
    warnings.push_back(Formatted(
        "{}: no sample is above 1, and no profile says what they mean: they were taken as "
        "linear light, of which 1 is SDR white (coded values need their profile)",
        name));
  }
  if (comparison.gain.non_finite_pixels > 0) {
    warnings.push_back(
        Formatted("{}: {} pixels are not finite: places that are NaN count as edited (--fill), "
                  "single ones are the edit's own light, infinity is {} times SDR white",
                  name, comparison.gain.non_finite_pixels, kInfinityStandIn));
  }
}

}  // namespace

Expected<ScaledComparison> CompareAnchored(const EditAndOriginal& pair, HdrLight light,
                                           const ComparedPlaces& where) {
  HDRP_ASSIGN_OR_RETURN(RenditionComparison compared,
                        CompareRenditions(pair, std::move(light), where));
  const std::optional<double> ratio = compared.mid_tone_ratio_stops;
  if (!ratio) return ScaledComparison{std::move(compared)};
  const DeriveOptions& options = pair.options;
  if (std::abs(*ratio) <= kMaxMidToneRatioStops ||
      !MayAnchor(options, compared.rendition.light())) {
    ScaledComparison as_it_is{std::move(compared)};
    if (auto warning = MidToneWarning(*ratio, options)) as_it_is.warnings.push_back(*warning);
    return as_it_is;
  }
  HDRP_ASSIGN_OR_RETURN(HdrLight again, OpenOriginal(pair, -*ratio));
  HDRP_ASSIGN_OR_RETURN(compared, CompareRenditions(pair, std::move(again), where));
  return ScaledComparison{
      std::move(compared),
      -*ratio,
      {Formatted("the reference's mid-tones were {:+.2f} stops from the edit's: it was "
                 "scaled by {:+.2f} stops (--no-anchor, --hdr-exposure and --hdr-white "
                 "prevent it)",
                 *ratio, -*ratio)}};
}

Expected<DerivedMap> DerivedMapOf(const EditAndOriginal& pair, const ScaledComparison& compared) {
  const auto& [edit, color, original, options, resources] = pair;
  const FineGain& gain = compared.comparison.gain;
  const std::optional<GainMapMetadata> metadata = MetadataFor(gain);
  if (!metadata) {
    return Fail(ErrorCode::kNoGainMap, original.file.name,
                "nothing in the reference is brighter than in {}: the highest gain is {:.3f} stop, "
                "expected at least {}",
                edit.name(), gain.Quantile(1), kLeastLiftStops);
  }
  const std::size_t edit_bytes = edit.parsed.primary.end - edit.parsed.primary.begin;
  HDRP_ASSIGN_OR_RETURN(
      const MapCoding coding,
      Within("gain map", ChooseMapCoding(gain, *metadata,
                                         {.scale = options.map_scale,
                                          .quality = options.map_quality,
                                          .budget_bytes = ShareOf(edit_bytes, kMapShareOfBase),
                                          .most_bytes = ShareOf(edit_bytes, kMostMapShareOfBase)},
                                         resources.stop())));

  MapInProgress map;
  map.source = "derived";
  map.codes = EncodeFineGain(gain.units.view(), coding.scale, *metadata);
  map.metadata = *metadata;
  map.width = map.codes->codes.width();
  map.height = map.codes->codes.height();
  map.flat_step = coding.flat_step;
  const HdrRows& rendition = compared.comparison.rendition;
  map.steps = rendition.steps();
  map.steps.push_back(
      original.with_map != nullptr
          ? Formatted("derived from the reference's HDR rendition at 1:{}", coding.scale)
          : Formatted("derived from {} at 1:{}", rendition.light().kind, coding.scale));
  map.warnings = compared.warnings;
  WarnOf(original, compared.comparison, map.warnings);
  if (std::optional<std::string> warning = LossWarning(coding.error)) {
    map.warnings.push_back(*std::move(warning));
  }
  return DerivedMap{std::move(map), {compared.anchor_stops, gain.non_finite_pixels, coding.error}};
}

}  // namespace hdrp
