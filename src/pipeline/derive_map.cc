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
                                                        const Options& options) {
  if (ratio_stops >= kMidTonesTooDarkStops && ratio_stops <= kMidTonesTooBrightStops) {
    return std::nullopt;
  }
  return Formatted(
      "the reference's mid-tones are {:+.2f} stops from the edit's, so most of the HDR picture is "
      "{} than the edit; --hdr-exposure {:+.2f} makes them alike",
      ratio_stops, ratio_stops < 0 ? "darker" : "brighter",
      options.hdr_exposure_stops.value_or(0) - ratio_stops);
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
  if (!ratio) return Derived{*std::move(compared), {}, {}};
  const Options& options = renditions.request.options;
  if (std::abs(*ratio) <= kMaxMidToneRatioStops ||
      !MayAnchor(options, compared->rendition.light())) {
    Derived derived{*std::move(compared), {}, {}};
    if (auto warning = MidToneWarning(*ratio, options)) derived.warnings.push_back(*warning);
    return derived;
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
  const Expected<MapCoding> coding =
      ChooseMapCoding(gain, *metadata,
                      {.scale = options.gain_map_scale,
                       .quality = options.map_quality,
                       .budget_bytes = ShareOf(base_bytes, kMapShareOfBase),
                       .most_bytes = ShareOf(base_bytes, kMostMapShareOfBase)},
                      request.parallelism.stop);
  if (!coding) return Within("gain map", coding.error());

  MapInProgress result;
  result.codes = EncodeFineGain(gain.units.view(), coding->scale, *metadata);
  result.metadata = *metadata;
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
  const auto& largest = rendition.light().largest_unexplained;
  if (largest && *largest <= 1) {
    report.warnings.push_back(Formatted(
        "{}: no sample is above 1, and no profile says what they mean: they were taken as "
        "linear light, of which 1 is SDR white (coded values need their profile)",
        original.file.name));
  }
  if (gain.non_finite_pixels > 0) {
    report.warnings.push_back(
        Formatted("{}: {} pixels are not finite: places that are NaN count as edited (--fill), "
                  "single ones are the edit's own light, infinity is {} times SDR white",
                  original.file.name, gain.non_finite_pixels, kInfinityStandIn));
  }
  report.non_finite_pixels = gain.non_finite_pixels;
  report.fidelity = coding->error;
  if (std::optional<std::string> warning = LossWarning(coding->error)) {
    report.warnings.push_back(*std::move(warning));
  }
  return result;
}

}  // namespace hdrp
