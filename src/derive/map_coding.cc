#include "derive/map_coding.h"

#include <algorithm>
#include <array>
#include <vector>

#include "decode/jpeg_pixels.h"
#include "package/jpeg_encode.h"

namespace hdrp {
namespace {

/// Finest first. Beyond the last one nothing but block averages would be left.
constexpr std::array kSteps = {1,  2,  3,  4,  5,  6,  8,  10, 12, 14, 16, 18, 20, 22,  24,
                               28, 32, 36, 40, 44, 48, 52, 56, 64, 72, 80, 88, 96, 112, 128};
constexpr std::array kScales = {4, 2, 1};

/// 2 % of luminance: about the least difference that is seen in a picture.
constexpr double kInvisibleStops = 0.03;
/// A finer resolution must be better by this factor to be worth its decoding time, but full
/// resolution may lose this much more: it looks the same everywhere, while readers enlarge a
/// smaller map in different ways (libultrahdr's is off by 3/8 of a map pixel).
constexpr double kWorthIt = 0.97;
constexpr double kWorthItAtFullSize = 1.1;

/// The sample of a picture, which stands for the whole one.
struct Sample {
  const FineGain& gain;
  const GainMapMetadata& metadata;
  Plane<std::int16_t> units;

  [[nodiscard]] double RowShare() const {
    return static_cast<double>(units.height()) / gain.units.height();
  }
};

struct Tried {
  int step = 0;
  double whole_bytes = 0;  ///< estimate for the whole picture
  Bytes jpeg;
};

[[nodiscard]] Expected<Tried> Try(const Sample& sample, PlaneView<const std::uint8_t> codes,
                                  int step) {
  HDRP_ASSIGN_OR_RETURN(Bytes jpeg, EncodeJpeg(codes, {.flat_step = step}));
  const double bytes = static_cast<double>(jpeg.size()) / sample.RowShare();
  return Tried{step, bytes, std::move(jpeg)};
}

/// The finest step within the budget; the coarsest one where none is. Bytes fall as steps grow.
[[nodiscard]] Expected<Tried> FinestWithin(const Sample& sample,
                                           PlaneView<const std::uint8_t> codes,
                                           const CodingWishes& wishes) {
  if (wishes.quality) return Try(sample, codes, FlatStepOfQuality(*wishes.quality));
  std::size_t low = 0;
  std::size_t high = kSteps.size() - 1;
  std::optional<Tried> best;
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    HDRP_ASSIGN_OR_RETURN(Tried tried, Try(sample, codes, kSteps[middle]));
    if (tried.whole_bytes <= static_cast<double>(wishes.budget_bytes)) {
      best = std::move(tried);
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  if (best && best->step == kSteps[low]) return *std::move(best);
  return Try(sample, codes, kSteps[low]);
}

[[nodiscard]] Expected<MapCoding> Judged(const Sample& sample, EncodedGainMap map,
                                         const Tried& tried, int scale) {
  HDRP_ASSIGN_OR_RETURN(DecodedJpeg decoded,
                        DecodeJpeg(tried.jpeg, {.output = JpegOutput::kAsStored}));
  map.codes = std::move(decoded.pixels);
  return MapCoding{scale, tried.step,
                   ErrorOf(map, sample.units.view(), sample.gain.sample_luminance.view())};
}

[[nodiscard]] Expected<MapCoding> LeastLoss(const Sample& sample, const CodingWishes& wishes,
                                            const StopCondition& stop) {
  std::optional<MapCoding> best;
  for (const int scale : kScales) {
    if (wishes.scale && *wishes.scale != scale) continue;
    HDRP_RETURN_IF_ERROR(stop.Check("gain map coding"));
    EncodedGainMap map = EncodeFineGain(sample.units.view(), scale, sample.metadata);
    HDRP_ASSIGN_OR_RETURN(const Tried tried, FinestWithin(sample, map.codes.view(), wishes));
    // Finer resolutions take more bytes still; the coarsest has to do where nothing fits.
    const bool over = tried.whole_bytes > static_cast<double>(wishes.budget_bytes);
    if (best && over && !wishes.quality) break;
    HDRP_ASSIGN_OR_RETURN(const MapCoding coding, Judged(sample, std::move(map), tried, scale));
    const double worth_it = scale == 1 ? kWorthItAtFullSize : kWorthIt;
    if (!best || coding.error.p99_stops < worth_it * best->error.p99_stops) best = coding;
    if (best->error.p99_stops <= kInvisibleStops) break;
  }
  return *best;
}

struct Priced {
  MapCoding coding;
  double whole_bytes = 0;
};

/// At this resolution the coarsest step that loses no more than kTolerableStops, within most_bytes;
/// nullopt where there is none. Errors grow with the step.
[[nodiscard]] Expected<std::optional<Priced>> CheapestTolerable(const Sample& sample, int scale,
                                                                std::size_t most_bytes) {
  const EncodedGainMap map = EncodeFineGain(sample.units.view(), scale, sample.metadata);
  const auto price = [&](int step) -> Expected<Priced> {
    HDRP_ASSIGN_OR_RETURN(const Tried tried, Try(sample, map.codes.view(), step));
    HDRP_ASSIGN_OR_RETURN(const MapCoding coding,
                          Judged(sample, {map.codes.Clone(), map.metadata}, tried, scale));
    return Priced{coding, tried.whole_bytes};
  };
  const auto fits = [&](const Priced& priced) {
    return priced.whole_bytes <= static_cast<double>(most_bytes) &&
           priced.coding.error.p99_stops <= kTolerableStops;
  };
  std::size_t low = 0;  // may be too many bytes, but loses little enough if any does
  std::size_t high = kSteps.size();
  std::optional<Priced> best;
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    HDRP_ASSIGN_OR_RETURN(const Priced priced, price(kSteps[middle]));
    if (fits(priced)) best = priced;
    if (priced.coding.error.p99_stops <= kTolerableStops) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return best;
}

[[nodiscard]] Expected<std::optional<MapCoding>> Grown(const Sample& sample,
                                                       const CodingWishes& wishes,
                                                       const StopCondition& stop) {
  std::optional<Priced> best;
  for (const int scale : kScales) {
    if (wishes.scale && *wishes.scale != scale) continue;
    HDRP_RETURN_IF_ERROR(stop.Check("gain map coding"));
    HDRP_ASSIGN_OR_RETURN(const std::optional<Priced> found,
                          CheapestTolerable(sample, scale, wishes.most_bytes));
    if (found && (!best || found->whole_bytes < best->whole_bytes)) best = found;
  }
  if (!best) return std::nullopt;
  return best->coding;
}

}  // namespace

Expected<MapCoding> ChooseMapCoding(const FineGain& gain, const GainMapMetadata& metadata,
                                    const CodingWishes& wishes, const StopCondition& stop) {
  const Sample sample{gain, metadata, SampleOf(gain)};
  HDRP_ASSIGN_OR_RETURN(const MapCoding within, LeastLoss(sample, wishes, stop));
  if (wishes.quality || wishes.most_bytes <= wishes.budget_bytes ||
      within.error.p99_stops <= kTolerableStops) {
    return within;
  }
  HDRP_ASSIGN_OR_RETURN(const std::optional<MapCoding> grown, Grown(sample, wishes, stop));
  if (grown) return *grown;
  CodingWishes most = wishes;
  most.budget_bytes = wishes.most_bytes;
  return LeastLoss(sample, most, stop);
}

}  // namespace hdrp
