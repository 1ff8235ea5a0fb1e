#include "gainmap/fine_gain.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>

#include "gainmap/derive.h"
#include "gainmap/exp2.h"
#include "gainmap/gain_rows.h"
#include "gainmap/light_bins.h"
#include "gainmap/log2.h"

namespace hdrp {
namespace {

constexpr int kValues = 65536;

/// Index of the first value that at least `share` of `total` do not exceed.
[[nodiscard]] std::size_t RankIn(const std::vector<std::uint32_t>& histogram, double share) {
  std::uint64_t total = 0;
  for (const std::uint32_t count : histogram) total += count;
  const auto wanted = std::max<std::uint64_t>(
      1, static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(total))));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < histogram.size(); ++i) {
    seen += histogram[i];
    if (seen >= wanted) return i;
  }
  return histogram.size() - 1;
}

/// Which strips of a picture are judged.
[[nodiscard]] std::vector<int> StripsOf(int width, int height) {
  const int strips = (height + kSampleStripRows - 1) / kSampleStripRows;
  const std::int64_t pixels = static_cast<std::int64_t>(width) * height;
  const auto step = static_cast<int>((pixels + kSamplePixels - 1) / kSamplePixels);
  std::vector<int> rows;
  for (int strip = std::min(step / 2, strips - 1); strip < strips; strip += step) {
    rows.push_back(strip * kSampleStripRows);
  }
  return rows;
}

[[nodiscard]] int RowsOf(const std::vector<int>& strips, int height) {
  int rows = 0;
  for (const int first : strips) rows += std::min(kSampleStripRows, height - first);
  return rows;
}

/// std::lrintf for values of a few ten thousands, in arithmetic that becomes vectors: added to
/// 1.5 * 2^23, a float has no bits left for fractions, and rounds to nearest even.
[[nodiscard]] std::int32_t Rounded(float value) {
  constexpr float kNoFractions = 12'582'912.0F;
  return std::bit_cast<std::int32_t>(value + kNoFractions) -
         std::bit_cast<std::int32_t>(kNoFractions);
}

/// Returns how many pixels had something to replace.
[[nodiscard]] std::uint64_t ReplaceNonFinite(std::span<float> hdr, std::span<const float> base) {
  // Only rows that have such values are looked at closely. On bits, for loops over integers become
  // vectors, sums of floats do not.
  constexpr std::uint32_t kInfinityBits = 0x7F800000;
  std::uint32_t largest = 0;
  for (const float value : hdr) {
    largest = std::max(largest, std::bit_cast<std::uint32_t>(value) & ~(1U << 31U));
  }
  if (largest < kInfinityBits) return 0;
  std::uint64_t replaced = 0;
  for (std::size_t i = 0; i + 2 < hdr.size(); i += 3) {
    const auto pixel = hdr.subspan(i, 3);
    if (std::ranges::all_of(pixel, [](float v) { return std::isfinite(v); })) continue;
    ++replaced;
    if (std::ranges::any_of(pixel, [](float v) { return std::isnan(v); })) {
      std::ranges::copy(base.subspan(i, 3), pixel.begin());
      continue;
    }
    for (float& value : pixel) {
      if (std::isinf(value)) value = value > 0 ? kInfinityStandIn : 0.0F;
    }
  }
  return replaced;
}

}  // namespace

double FineGain::Quantile(double share) const {
  if (counted_samples == 0) return 0;
  return (static_cast<double>(RankIn(histogram, share)) - kHistogramZero) / kFineUnitsPerStop;
}

FineGainCollector::FineGainCollector(int width, int height, int channels,
                                     std::array<float, 3> luminance)
    : luminance_(luminance),
      stops_(static_cast<std::size_t>(width) * static_cast<std::size_t>(channels)),
      row_luminance_(static_cast<std::size_t>(width)) {
  gain_.units = Plane<std::int16_t>(width, height, channels);
  gain_.sample_strips = StripsOf(width, height);
  gain_.sample_luminance = Plane<float>(width, RowsOf(gain_.sample_strips, height));
  gain_.histogram.resize(kValues);
}

void FineGainCollector::Add(PlaneView<float> hdr_linear, PlaneView<const float> base_linear) {
  assert(hdr_linear.height == base_linear.height && hdr_linear.width == base_linear.width);
  constexpr auto kMost = static_cast<std::int32_t>(kMaxFineStops * kFineUnitsPerStop);
  const auto channels = static_cast<std::size_t>(gain_.units.channels());
  for (int y = 0; y < hdr_linear.height; ++y, ++rows_added_) {
    const auto hdr = hdr_linear.RowSpan(y);
    const auto base = base_linear.RowSpan(y);
    gain_.non_finite_pixels += ReplaceNonFinite(hdr, base);
    DeriveGainRow({hdr, base, luminance_}, stops_, row_luminance_);

    std::int16_t* units = gain_.units.Row(rows_added_);
    for (std::size_t i = 0; i < stops_.size(); ++i) {
      const std::int32_t value = Rounded(stops_[i] * kFineUnitsPerStop);
      units[i] = static_cast<std::int16_t>(std::clamp(value, -kMost, kMost));
    }
    for (std::size_t x = 0; x < row_luminance_.size(); ++x) {
      if (row_luminance_[x] <= kLeastCountedLuminance) continue;
      gain_.counted_samples += channels;
      for (std::size_t c = 0; c < channels; ++c) {
        ++gain_.histogram[static_cast<std::size_t>(units[x * channels + c] + kHistogramZero)];
      }
    }
    const int strip = rows_added_ - rows_added_ % kSampleStripRows;
    if (std::ranges::binary_search(gain_.sample_strips, strip)) {
      std::ranges::copy(row_luminance_, gain_.sample_luminance.Row(sample_rows_added_++));
    }
  }
}

std::optional<GainMapMetadata> MetadataFor(const FineGain& gain) {
  constexpr double kBottomShare = 0.0005;
  constexpr double kTopShare = 0.9999;
  constexpr double kMaxAboveTopStops = 1;
  constexpr double kLeastRangeStops = 0.125;
  const double top =
      std::min({gain.Quantile(1), gain.Quantile(kTopShare) + kMaxAboveTopStops, kMaxDerivedStops});
  if (!(top > kLeastLiftStops)) return std::nullopt;

  GainMapMetadata metadata;
  metadata.gain_map_max.fill(top);
  metadata.gain_map_min.fill(std::min(gain.Quantile(kBottomShare), top - kLeastRangeStops));
  metadata.alternate_hdr_headroom = top;
  // The numbers that will be written are the ones the codes are made with.
  return MetadataFrom(FractionsOf(metadata), true);
}

EncodedGainMap EncodeFineGain(PlaneView<const std::int16_t> units, int scale,
                              const GainMapMetadata& metadata) {
  // One table for all values of a sample, so that the formula is computed 65536 times at most.
  Log2Gain values{Plane<float>(kValues, 1)};
  for (int i = 0; i < kValues; ++i) {
    values.stops.Row(0)[i] = static_cast<float>(i - kHistogramZero) / kFineUnitsPerStop;
  }
  const EncodedGainMap table = EncodeGain(values, metadata);
  const std::uint8_t* code_of = table.codes.Row(0) + kHistogramZero;

  if (scale == 1) {
    EncodedGainMap map{Plane<std::uint8_t>(units.width, units.height, units.channels), metadata};
    for (int y = 0; y < units.height; ++y) {
      std::ranges::transform(units.RowSpan(y), map.codes.Row(y),
                             [&](std::int16_t value) { return code_of[value]; });
    }
    return map;
  }
  const Plane<float> reduced =
      Resized(units, (units.width + scale - 1) / scale, (units.height + scale - 1) / scale);
  EncodedGainMap map{Plane<std::uint8_t>(reduced.width(), reduced.height(), reduced.channels()),
                     metadata};
  for (int y = 0; y < reduced.height(); ++y) {
    std::ranges::transform(reduced.view().RowSpan(y), map.codes.Row(y),
                           [&](float value) { return code_of[Rounded(value)]; });
  }
  return map;
}

Plane<std::int16_t> SampleOf(const FineGain& gain) {
  Plane<std::int16_t> sample(gain.units.width(), gain.sample_luminance.height(),
                             gain.units.channels());
  int row = 0;
  for (const int first : gain.sample_strips) {
    const int end = std::min(first + kSampleStripRows, gain.units.height());
    for (int y = first; y < end; ++y) {
      std::ranges::copy(gain.units.view().RowSpan(y), sample.Row(row++));
    }
  }
  return sample;
}

GainError ErrorOf(const EncodedGainMap& map, PlaneView<const std::int16_t> units,
                  PlaneView<const float> hdr_luminance) {
  const GainRows rows(map, units.width, units.height);
  const auto channels = static_cast<std::size_t>(units.channels);
  const float low = static_cast<float>(map.metadata.gain_map_min[0]);
  const float high = static_cast<float>(map.metadata.gain_map_max[0]);
  std::vector<float> decoded(channels * static_cast<std::size_t>(units.width));
  std::vector<float> ratios(static_cast<std::size_t>(units.width));
  std::vector<std::uint32_t> errors(kValues);
  std::vector<std::uint32_t> wanted(kLightBins);
  std::vector<std::uint32_t> found(kLightBins);
  GainError result;
  std::uint64_t outside = 0;
  double sum = 0;
  for (int y = 0; y < units.height; ++y) {
    rows.Row(y, decoded);
    const std::int16_t* exact = units.Row(y);
    const float* luminance = hdr_luminance.Row(y);
    for (std::size_t x = 0; x < ratios.size(); ++x) {
      if (luminance[x] <= kLeastCountedLuminance) continue;
      float worst = 0;
      for (std::size_t c = 0; c < channels; ++c) {
        const float stops = static_cast<float>(exact[x * channels + c]) / kFineUnitsPerStop;
        const float difference = decoded[x * channels + c] - stops;
        if (std::abs(difference) > std::abs(worst)) worst = difference;
        outside += stops < low || stops > high ? 1U : 0U;
      }
      const float shown =
          std::max((luminance[x] + kDeriveOffset) * Exp2Scalar(worst) - kDeriveOffset, 1e-6F);
      const float error = std::abs(Log2Scalar(shown / luminance[x]));
      ++errors[static_cast<std::size_t>(std::min(Rounded(error * kFineUnitsPerStop), kValues - 1))];
      ++wanted[LightBinOf(luminance[x])];
      ++found[LightBinOf(shown)];
      sum += static_cast<double>(error);
      result.max_stops = std::max(result.max_stops, static_cast<double>(error));
      ++result.pixels;
    }
  }
  if (result.pixels == 0) return result;
  const auto pixels = static_cast<double>(result.pixels);
  result.mean_stops = sum / pixels;
  result.p99_stops = static_cast<double>(RankIn(errors, 0.99)) / kFineUnitsPerStop;
  result.outside_share = static_cast<double>(outside) / (pixels * static_cast<double>(channels));
  result.peak_kept_stops =
      std::log2(MiddleOfLightBin(RankIn(found, 0.999)) / MiddleOfLightBin(RankIn(wanted, 0.999)));
  return result;
}

}  // namespace hdrp
