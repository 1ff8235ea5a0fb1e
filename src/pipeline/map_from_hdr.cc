// Reference Mode with an HDR rendition: the gain map is derived from it and the base.
#include <algorithm>
#include <cmath>
#include <format>

#include "align/framing.h"
#include "align/small_luminance.h"
#include "color/icc.h"
#include "decode/jpeg_pixels.h"
#include "gainmap/derive.h"
#include "gainmap/fine_gain.h"
#include "pipeline/hdr_rendition.h"
#include "pipeline/map_coding.h"
#include "pipeline/stages.h"

namespace hdrp {
namespace {

constexpr int kBandRows = 64;

/// Phones lift mid-tones too: a Pixel 6 Pro's by 1.83 stops. Beyond this the file's unit is not SDR
/// white.
constexpr double kMaxMidToneRatioStops = 2.5;

/// Both renditions' rows, once, into everything that is wanted of them.
struct Compared {
  FineGain gain;
  std::optional<double> mid_tone_ratio_stops;
  double agreement = 0;
  HdrRendition rendition;
};

[[nodiscard]] Expected<BaseColor> ColorOf(const ReadJpeg& base) {
  Expected<BaseColor> color = BaseColorOf(base);
  if (color) return color;
  if (color.error().code == ErrorCode::kUnsupported) {
    color.error().message += "; --convert-icc converts the picture to one";
  }
  return Within(base.file->name, std::move(color.error()));
}

[[nodiscard]] Expected<Compared> Compare(const ReadJpeg& base, const BaseColor& color,
                                         double scale, const Request& request) {
  Expected<HdrRendition> rendition = HdrRendition::Open(
      *request.reference, {base.width(), base.height(), base.orientation(), color.primaries}, scale,
      request);
  if (!rendition) return std::unexpected(std::move(rendition.error()));
  Expected<JpegRowReader> reader =
      JpegRowReader::Open(base.parsed.primary.In(base.file->bytes),
                          {.output = JpegOutput::kAsStored,
                           .limits = request.limits,
                           .stop = request.parallelism.stop});
  if (!reader) return Within(base.file->name, std::move(reader.error()));

  const std::array<float, 3> luminance = {static_cast<float>(color.luminance[0]),
                                          static_cast<float>(color.luminance[1]),
                                          static_cast<float>(color.luminance[2])};
  FineGainCollector collector(base.width(), base.height(), request.options.gain_map_channels,
                              luminance);
  SmallLuminance small_hdr(base.width(), base.height(), luminance);
  SmallLuminance small_base(base.width(), base.height(), luminance);
  Plane<std::uint8_t> codes(base.width(), kBandRows, reader->channels());
  Plane<float> base_linear(base.width(), kBandRows, 3);
  Plane<float> hdr_linear(base.width(), kBandRows, 3);
  while (reader->rows_read() < base.height()) {
    const int rows = std::min(kBandRows, base.height() - reader->rows_read());
    const auto first_rows = [rows](auto view) {
      view.height = rows;
      return view;
    };
    const PlaneView<std::uint8_t> coded = first_rows(codes.view());
    const PlaneView<float> sdr = first_rows(base_linear.view());
    const PlaneView<float> hdr = first_rows(hdr_linear.view());
    if (Expected<void> ok = reader->Read(coded); !ok) return Within(base.file->name, ok.error());
    if (Expected<void> ok = rendition->Read(hdr); !ok) {
      return Within(request.reference->name, std::move(ok.error()));
    }
    for (int y = 0; y < rows; ++y) LinearFromCodes(coded.RowSpan(y), color, sdr.RowSpan(y));
    collector.Add(hdr, sdr);  // first: it replaces what is not finite
    small_hdr.Add(hdr);
    small_base.Add(sdr);
  }
  const double agreement = StructureAgreement(
      LogCodes(small_base.plane().view()).view(), Orientation::kTopLeft,
      LogCodes(small_hdr.plane().view()).view(), Orientation::kTopLeft);
  return Compared{collector.Take(),
                  MidToneRatioStops(small_hdr.plane().view(), small_base.plane().view()), agreement,
                  *std::move(rendition)};
}

/// The factor on the HDR's linear light that the user asked for; 1 where nothing was asked.
[[nodiscard]] double AskedScale(const Options& options) {
  return kSdrWhiteNits / options.hdr_white_nits.value_or(kSdrWhiteNits) *
         std::exp2(options.hdr_exposure_stops.value_or(0));
}

[[nodiscard]] bool MayAnchor(const Options& options, const HdrRendition& rendition) {
  return options.anchor && !options.hdr_white_nits && !options.hdr_exposure_stops &&
         rendition.has_free_scale();
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

Expected<MapInProgress> MapFromHdr(const ReadJpeg& base, const Request& request, Report& report) {
  const Options& options = request.options;
  const Expected<BaseColor> color = ColorOf(base);
  if (!color) return std::unexpected(color.error());
  Expected<Compared> compared = Compare(base, *color, AskedScale(options), request);
  if (!compared) return std::unexpected(std::move(compared.error()));

  MapInProgress result;
  if (const std::optional<double> ratio = compared->mid_tone_ratio_stops;
      ratio && std::abs(*ratio) > kMaxMidToneRatioStops) {
    if (MayAnchor(options, compared->rendition)) {
      compared = Compare(base, *color, AskedScale(options) * std::exp2(-*ratio), request);
      if (!compared) return std::unexpected(std::move(compared.error()));
      report.anchor_stops = -*ratio;
      report.warnings.push_back(std::format(
          "the reference's mid-tones were {:+.2f} stops from the edit's: it was scaled by {:+.2f} "
          "stops (--no-anchor, --hdr-exposure and --hdr-white prevent it)",
          *ratio, -*ratio));
    } else {
      report.warnings.push_back(
          std::format("the reference's mid-tones are {:+.2f} stops from the edit's", *ratio));
    }
  }
  if (Expected<void> same =
          RequireAgreement(compared->agreement, request, report.warnings);
      !same) {
    return std::unexpected(std::move(same.error()));
  }
  report.agreement = compared->agreement;

  const FineGain& gain = compared->gain;
  const std::optional<GainMapMetadata> metadata = MetadataFor(gain);
  if (!metadata) {
    return Fail(ErrorCode::kNoGainMap, request.reference->name,
                "nothing in the reference is brighter than in {}: the highest gain is {:.3f} stop, "
                "expected at least {}",
                base.file->name, gain.Quantile(1), kLeastLiftStops);
  }
  const std::size_t base_bytes = base.parsed.primary.end - base.parsed.primary.begin;
  const Expected<MapCoding> coding = ChooseMapCoding(
      gain, *metadata,
      {.scale = options.gain_map_scale,
       .quality = options.map_quality,
       .budget_bytes = std::max(kLeastMapBudgetBytes,
                                static_cast<std::size_t>(kMapShareOfBase *
                                                         static_cast<double>(base_bytes)))},
      request.parallelism.stop);
  if (!coding) return Within("gain map", coding.error());

  result.codes = EncodeFineGain(gain.units.view(), coding->scale, *metadata);
  result.metadata = HeadroomWithin(*result.codes);
  result.width = result.codes->codes.width();
  result.height = result.codes->codes.height();
  result.flat_step = coding->flat_step;
  result.steps = compared->rendition.steps();
  result.steps.push_back(std::format("derived from {} at 1:{}",
                                     NameOf(compared->rendition.info().format), coding->scale));
  for (const std::string& warning : compared->rendition.info().warnings) {
    report.warnings.push_back(request.reference->name + ": " + warning);
  }
  if (gain.non_finite_pixels > 0) {
    report.warnings.push_back(std::format(
        "{}: {} pixels are not finite: NaN became the edit's own light, infinity {} times SDR white",
        request.reference->name, gain.non_finite_pixels, kInfinityStandIn));
  }
  report.source = "derived";
  report.non_finite_pixels = gain.non_finite_pixels;
  report.fidelity = coding->error;
  return result;
}

}  // namespace hdrp
