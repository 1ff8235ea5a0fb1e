// A derived gain at the base's full resolution, before anything is lost: what range, resolution and
// coding of the map are chosen from. Two bytes a sample, so that a 100 MP picture's gain is 200 MB.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/plane.h"
#include "gainmap/gain.h"

namespace hdrp {

/// Gains are held in units of 1/1024 stop (an eighth of the finest map code ever written), within
/// +-kMaxFineStops.
inline constexpr int kFineUnitsPerStop = 1024;
inline constexpr float kMaxFineStops = 31;
inline constexpr int kHistogramZero = 32768;

/// Fidelity counts where the HDR rendition is brighter than this: below, the offsets rule.
inline constexpr float kLeastCountedLuminance = 0.02F;

/// Rows that are judged in place of all rows: whole picture up to kSamplePixels, else strips of
/// kSampleStripRows spread over it.
inline constexpr int kSampleStripRows = 32;
inline constexpr std::int64_t kSamplePixels = 1'000'000;

struct FineGain {
  Plane<std::int16_t> units;       ///< 1 or 3 channels, in the base's stored raster
  std::vector<int> sample_strips;  ///< first rows of the judged strips, ascending
  Plane<float> sample_luminance;   ///< Y of the HDR rendition in those rows, one below the other
  std::uint64_t non_finite_pixels = 0;

  /// Gain of counted pixels, all channels together: how many have each value, gain 0 at
  /// kHistogramZero.
  std::vector<std::uint32_t> histogram;
  std::uint64_t counted_samples = 0;

  /// Gain that `share` of the counted samples do not exceed, stops. 0 where nothing is counted.
  [[nodiscard]] double Quantile(double share) const;
};

/// Takes two renditions in bands of rows, top to bottom.
class FineGainCollector {
 public:
  FineGainCollector(int width, int height, int channels, std::array<float, 3> luminance);

  /// The next rows of both, RGB, linear, base primaries, 1.0 = SDR white. Non-finite HDR samples
  /// are replaced in place: a pixel with a NaN becomes the base's pixel (no gain there), +infinity
  /// kInfinityStandIn, -infinity 0.
  void Add(PlaneView<float> hdr_linear, PlaneView<const float> base_linear);
  [[nodiscard]] FineGain Take() { return std::move(gain_); }

 private:
  FineGain gain_;
  std::array<float, 3> luminance_;
  int rows_added_ = 0;
  int sample_rows_added_ = 0;
  std::vector<float> stops_, row_luminance_;
};

/// 6 stops above SDR white: brighter than any display, and no reason for a wider range.
inline constexpr float kInfinityStandIn = 64;

/// Range and headroom for this content; gamma 1, offsets 1/64, one set of numbers for all channels.
/// - max: the highest counted gain, but at most one stop above the 99.99th percentile (what is
///   clipped is thus under 0.01 % of the samples) and at most kMaxDerivedStops;
/// - min: the 0.05th percentile;
/// - alternate headroom: max, which the brightest pixels cannot exceed; what they reach in the end
///   is known when the map is coded (rendition_peak.h).
/// nullopt where nothing is lifted by kLeastLiftStops.
[[nodiscard]] std::optional<GainMapMetadata> MetadataFor(const FineGain& gain);
inline constexpr double kMaxDerivedStops = 10;
inline constexpr double kLeastLiftStops = 0.05;

/// The map at 1/scale of the base per axis (rounded up), averaged in the log domain.
[[nodiscard]] EncodedGainMap EncodeFineGain(PlaneView<const std::int16_t> units, int scale,
                                            const GainMapMetadata& metadata);

/// The judged strips, one below the other.
[[nodiscard]] Plane<std::int16_t> SampleOf(const FineGain& gain);

/// How far the HDR rendition that a map gives is from the one it was made of, where counted.
struct GainError {
  std::uint64_t pixels = 0;
  double mean_stops = 0, p99_stops = 0, max_stops = 0;  ///< |log2 Y' - log2 Y|
  double outside_share = 0;                             ///< of gains outside the map's range
  double peak_kept_stops =
      0;  ///< 0 where the peak survives: log2 of the ratio of both 99.9th percentiles of Y
};
/// `map` covers the sample's raster. For three channels Y' is taken as if all had the gain with the
/// largest error, so the figures are upper bounds.
[[nodiscard]] GainError ErrorOf(const EncodedGainMap& map, PlaneView<const std::int16_t> units,
                                PlaneView<const float> hdr_luminance);

}  // namespace hdrp
