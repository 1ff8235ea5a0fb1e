// Where the edit shows something else than the reference, or the user's mask says so, the
// reference's gain is feathered out and something else takes its place.
#include <algorithm>
#include <cmath>

#include "align/added_frame.h"
#include "align/edited_regions.h"
#include "align/fitted_gain.h"
#include "base/formatted.h"
#include "decode/png_pixels.h"
#include "decode/sniff.h"
#include "gainmap/fine_gain.h"
#include "guard/mask.h"
#include "pipeline/predict_gain.h"
#include "pipeline/stages.h"

namespace hdrp {
namespace {

/// As checks P3 and H6 see it: 99.9 % are below the least lift that counts.
[[nodiscard]] bool LiftsNothing(PlaneView<const float> stops) {
  std::int64_t all = 0, lifted = 0;
  for (int y = 0; y < stops.height; ++y) {
    const auto row = stops.RowSpan(y);
    all += std::ssize(row);
    lifted += std::ranges::count_if(
        row, [](float s) { return static_cast<double>(s) > kLeastLiftStops; });
  }
  return 1000 * lifted <= all;
}

template <typename Code>
void TakeLarger(Plane<Code>& mask, const Plane<Code>& other) {
  for (int y = 0; y < mask.height(); ++y) {
    std::ranges::transform(mask.view().RowSpan(y), other.view().RowSpan(y), mask.Row(y),
                           [](Code a, Code b) { return std::max(a, b); });
  }
}

[[nodiscard]] Expected<Plane<std::uint8_t>> UsersMask(const InputFile& file, const Limits& limits) {
  if (Sniff(file.bytes) != FileFormat::kPng) {
    return Fail(ErrorCode::kUnsupported, file.name, "expected a PNG mask, found {}",
                NameOf(Sniff(file.bytes)));
  }
  Expected<Plane<std::uint8_t>> mask = DecodePngGray(file.bytes, limits);
  if (!mask) return Within(file.name, std::move(mask.error()));
  return mask;
}

/// 0..1 in the map's raster, feathered; empty where the reference's gain stays everywhere.
[[nodiscard]] Expected<Plane<float>> MaskFor(const MapInProgress& map,
                                             const Plane<std::uint8_t>& found, const ReadJpeg& base,
                                             const Request& request) {
  Plane<float> result;
  const RasterSize size{map.width, map.height};
  if (request.mask) {
    const Expected<Plane<std::uint8_t>> users = UsersMask(*request.mask, request.limits);
    if (!users) return std::unexpected(users.error());
    Expected<Plane<float>> mask = FeatheredMask(users->view(), size, base.orientation(), {});
    if (!mask) return Within(request.mask->name, std::move(mask.error()));
    result = *std::move(mask);
  }
  if (SaysEdited(found)) {
    Expected<Plane<float>> mask = FeatheredMask(found.view(), size, base.orientation(), {});
    if (!mask) return Within("edited regions", std::move(mask.error()));
    if (result.empty()) {
      result = *std::move(mask);
    } else {
      TakeLarger(result, *mask);
    }
  }
  return result;
}

/// Share of the map where less than half of the reference's gain is left.
[[nodiscard]] double ShareOf(const Plane<float>& mask) {
  std::int64_t pixels = 0;
  for (int y = 0; y < mask.height(); ++y) {
    pixels += std::ranges::count_if(mask.view().RowSpan(y), [](float m) { return m > 0.5F; });
  }
  return static_cast<double>(pixels) / (static_cast<double>(mask.width()) * mask.height());
}

void Blend(Plane<float>& stops, const Plane<float>& mask, const Plane<float>& fill) {
  const int channels = stops.channels();
  for (int y = 0; y < mask.height(); ++y) {
    float* row = stops.Row(y);
    for (int i = 0; i < mask.width() * channels; ++i) {
      const float other = fill.empty() ? 0 : fill.Row(y)[i];
      row[i] += mask.Row(y)[i / channels] * (other - row[i]);
    }
  }
}

/// The reference's gain is what counts: a model that fails is no reason to refuse the rest.
[[nodiscard]] Expected<PredictedGain> PredictedFill(const ReadJpeg& base, const Request& request,
                                                    Report& report) {
  Expected<PredictedGain> predicted = PredictGain(base, request);
  if (predicted || predicted.error().code != ErrorCode::kModelFailed) return predicted;
  report.warnings.push_back(Formatted("{}: {}; what was changed is filled by bright instead",
                                      predicted.error().where, predicted.error().message));
  return PredictHighlights(base, request);
}

/// A frame is no light, whatever a predictor makes of its white. True where there is one.
[[nodiscard]] Expected<bool> LeaveFrame(const Framing& framing, const Plane<std::uint8_t>& found,
                                        const ReadJpeg& base, Plane<float>& fill) {
  if (!framing.compared || found.empty()) return false;
  const Plane<std::uint8_t> frame = AddedFrame(framing.compared->edit.view(), found.view());
  if (!SaysEdited(frame)) return false;
  const Expected<Plane<float>> mask =
      FeatheredMask(frame.view(), {fill.width(), fill.height()}, base.orientation(), {});
  if (!mask) return Within("frame", mask.error());
  Blend(fill, *mask, {});
  return true;
}

}  // namespace

Plane<std::uint8_t> FindEdited(const Framing& framing) {
  if (!framing.compared) return {};
  const ComparedLumas& compared = *framing.compared;
  Plane<std::uint8_t> mask = EditedRegions(compared.edit.view(), compared.reference.view());
  TakeLarger(mask, compared.outside);
  if (SaysEdited(mask)) TakeLarger(mask, AddedFrame(compared.edit.view(), mask.view()));
  return mask;
}

bool SaysEdited(const Plane<std::uint8_t>& mask) {
  for (int y = 0; y < mask.height(); ++y) {
    if (std::ranges::any_of(mask.view().RowSpan(y), [](std::uint8_t m) { return m != 0; }))
      return true;
  }
  return false;
}

Expected<MapInProgress> FillEdited(MapInProgress map, const Framing& framing,
                                   const Plane<std::uint8_t>& found, Fill fill,
                                   const ReadJpeg& base, const Request& request, Report& report) {
  const Expected<Plane<float>> mask = MaskFor(map, found, base, request);
  if (!mask) return std::unexpected(mask.error());
  if (mask->empty()) return map;
  if (Expected<void> ok = EnsureCodes(map, request.limits); !ok) return std::unexpected(ok.error());
  Log2Gain gain = DecodeGain(*map.codes);
  Log2Gain left{gain.stops.Clone()};
  Blend(left.stops, *mask, {});
  if (LiftsNothing(left.stops.view())) {
    return Fail(ErrorCode::kNoGainMap, request.mask ? request.mask->name : request.base.name,
                "{} leaves no gain anywhere",
                request.mask ? "the mask" : "what was changed since the reference");
  }
  const double share = ShareOf(*mask);
  report.edited = FilledRegions{share, fill};
  std::string by = "neutral gain";
  if (fill == Fill::kPredict) {
    const Expected<PredictedGain> predicted = PredictedFill(base, request, report);
    if (!predicted) return std::unexpected(predicted.error());
    const Plane<float> stops = Resized(predicted->gain.stops.view(), map.width, map.height);
    Plane<float> fitted = FittedTo(gain.stops, stops, *mask);
    const Expected<bool> framed = LeaveFrame(framing, found, base, fitted);
    if (!framed) return std::unexpected(framed.error());
    if (*framed) map.metadata = HoldingZero(map.metadata);
    Blend(gain.stops, *mask, fitted);
    by = "the predictor " + predicted->predictor;
  } else {
    gain = std::move(left);
    map.metadata = HoldingZero(map.metadata);
  }
  map.codes = EncodeGain(gain, map.metadata);
  map.steps.push_back(Formatted("{:.1f} % of it filled by {}", 100 * share, by));
  return map;
}

}  // namespace hdrp
