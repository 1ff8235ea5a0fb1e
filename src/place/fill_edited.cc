#include "place/fill_edited.h"

#include <algorithm>
#include <cmath>

#include "align/changes/added_frame.h"
#include "align/changes/fitted_gain.h"
#include "base/formatted.h"
#include "decode/png_pixels.h"
#include "decode/sniff.h"
#include "gainmap/fine_gain.h"
#include "guard/mask.h"
#include "place/find_edited.h"
#include "place/take_larger.h"
#include "predict/predict_gain.h"

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

[[nodiscard]] Expected<Plane<std::uint8_t>> UsersMask(const InputFile& file, const Limits& limits) {
  if (Sniff(file.bytes) != FileFormat::kPng) {
    return Fail(ErrorCode::kUnsupported, file.name, "expected a PNG mask, found {}",
                NameOf(Sniff(file.bytes)));
  }
  return Within(file.name, DecodePngGray(file.bytes, limits));
}

/// 0..1 in the map's raster, feathered; empty where the reference's gain stays everywhere.
[[nodiscard]] Expected<Plane<float>> MaskFor(const MapInProgress& map,
                                             const Plane<std::uint8_t>& edited,
                                             Orientation orientation, const FillOptions& options) {
  Plane<float> result;
  const RasterSize size{map.width, map.height};
  if (options.mask != nullptr) {
    HDRP_ASSIGN_OR_RETURN(const Plane<std::uint8_t> users,
                          UsersMask(*options.mask, options.resources.limits));
    HDRP_ASSIGN_OR_RETURN(
        result, Within(options.mask->name, FeatheredMask(users.view(), size, orientation, {})));
  }
  if (SaysEdited(edited)) {
    HDRP_ASSIGN_OR_RETURN(
        Plane<float> mask,
        Within("edited regions", FeatheredMask(edited.view(), size, orientation, {})));
    if (result.empty()) {
      result = std::move(mask);
    } else {
      TakeLarger(result, mask);
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
[[nodiscard]] Expected<PredictedGain> PredictedFill(const EditJpeg& edit,
                                                    const FillOptions& options,
                                                    std::vector<std::string>& warnings) {
  Expected<PredictedGain> predicted = PredictGain(edit, options.predict, options.resources);
  if (predicted || predicted.error().code != ErrorCode::kModelFailed) return predicted;
  warnings.push_back(Formatted("{}: {}; what was changed is filled by bright instead",
                               predicted.error().where, predicted.error().message));
  return PredictHighlights(edit, options.predict, options.resources);
}

/// A frame is no light, whatever a predictor makes of its white. True where there is one.
[[nodiscard]] Expected<bool> LeaveFrame(const Framing& framing, Orientation orientation,
                                        Plane<float>& fill) {
  if (!framing.compared || framing.edited.empty()) return false;
  const Plane<std::uint8_t> frame =
      AddedFrame(framing.compared->edit.view(), framing.edited.view());
  if (!SaysEdited(frame)) return false;
  HDRP_ASSIGN_OR_RETURN(
      const Plane<float> mask,
      Within("frame", FeatheredMask(frame.view(), {fill.width(), fill.height()}, orientation, {})));
  Blend(fill, mask, {});
  return true;
}

}  // namespace

Expected<FilledMap> FillEdited(MapInProgress map, const Framing& framing, const EditJpeg& edit,
                               const FillOptions& options) {
  HDRP_ASSIGN_OR_RETURN(const Plane<float> mask,
                        MaskFor(map, framing.edited, edit.orientation(), options));
  if (mask.empty()) return FilledMap{std::move(map), std::nullopt};
  HDRP_RETURN_IF_ERROR(EnsureCodes(map, options.resources.limits));
  Log2Gain gain = DecodeGain(*map.codes);
  Log2Gain left{gain.stops.Clone()};
  Blend(left.stops, mask, {});
  if (LiftsNothing(left.stops.view())) {
    const bool by_user = options.mask != nullptr;
    return Fail(ErrorCode::kNoGainMap, by_user ? options.mask->name : edit.name(),
                "{} leaves no gain anywhere",
                by_user ? "the mask" : "what was changed since the reference");
  }
  const double share = ShareOf(mask);
  std::string by = "neutral gain";
  if (options.fill == Fill::kPredict) {
    HDRP_ASSIGN_OR_RETURN(const PredictedGain predicted,
                          PredictedFill(edit, options, map.warnings));
    const Plane<float> stops = Resized(predicted.gain.stops.view(), map.width, map.height);
    Plane<float> fitted = FittedTo(gain.stops, stops, mask);
    HDRP_ASSIGN_OR_RETURN(const bool framed, LeaveFrame(framing, edit.orientation(), fitted));
    if (framed) map.metadata = HoldingZero(map.metadata);
    Blend(gain.stops, mask, fitted);
    by = "the predictor " + predicted.by.predictor;
  } else {
    gain = std::move(left);
    map.metadata = HoldingZero(map.metadata);
  }
  map.codes = EncodeGain(gain, map.metadata);
  map.steps.push_back(Formatted("{:.1f} % of it filled by {}", 100 * share, by));
  return FilledMap{std::move(map), FilledRegions{share, options.fill}};
}

}  // namespace hdrp
