#include "gainmap/follow_base.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <vector>

#include "gainmap/derive.h"
#include "gainmap/guided_filter.h"

namespace hdrp {
namespace {

/// Fringes are one or two pixels wide. The guide is 0..1: variation under 2 % is noise to the
/// lines, and no structure under 1 %.
constexpr GuidedFilterOptions kLines{.radius = 6, .epsilon = 4e-4};
constexpr GuidedFilterOptions kStructure{.radius = 2, .epsilon = 1e-4};

constexpr int kFittedBandRows = 128;
/// A sample's line is the mean of windows that reach this far.
constexpr int kReach = 2 * kLines.radius;

/// Rows of one channel, in stops, from `first` on.
[[nodiscard]] Plane<float> Stops(PlaneView<const std::int16_t> rows, int channel) {
  Plane<float> result(rows.width, rows.height);
  for (int y = 0; y < rows.height; ++y) {
    for (int x = 0; x < rows.width; ++x) {
      result.Row(y)[x] = static_cast<float>(rows.At(x, y, channel)) / kFineUnitsPerStop;
    }
  }
  return result;
}

[[nodiscard]] PlaneView<const std::int16_t> RowsOf(const Plane<std::int16_t>& plane, int first,
                                                   int end) {
  PlaneView<const std::int16_t> rows = plane.view();
  rows.data = plane.Row(first);
  rows.height = end - first;
  return rows;
}

/// Counts as FineGainCollector does, by the luminance that the gain makes of the base's.
void CountAnew(FineGain& gain, PlaneView<const std::uint8_t> root_luminance) {
  constexpr float kOffset = 1.0F / 64;
  const auto channels = static_cast<std::size_t>(gain.units.channels());
  std::ranges::fill(gain.histogram, 0U);
  gain.counted_samples = 0;
  for (int y = 0; y < root_luminance.height; ++y) {
    const std::int16_t* units = gain.units.Row(y);
    for (const std::uint8_t code : root_luminance.RowSpan(y)) {
      const float root = static_cast<float>(code) / 255;
      const auto most = static_cast<float>(*std::max_element(units, units + channels));
      const float luminance =
          (root * root + kOffset) * std::exp2(most / kFineUnitsPerStop) - kOffset;
      for (std::size_t c = 0; c < channels && luminance > kLeastCountedLuminance; ++c) {
        ++gain.histogram[static_cast<std::size_t>(units[c] + kHistogramZero)];
        ++gain.counted_samples;
      }
      units += channels;
    }
  }
}

}  // namespace

void FollowBase(FineGain& gain, PlaneView<const std::uint8_t> root_luminance) {
  const int width = gain.units.width(), height = gain.units.height();
  const int channels = gain.units.channels();
  assert(root_luminance.width == width && root_luminance.height == height);
  const Plane<std::int16_t> before = gain.units.Clone();
  for (int first = 0; first < height; first += kFittedBandRows) {
    const int end = std::min(first + kFittedBandRows, height);
    const int from = std::max(0, first - kReach), to = std::min(height, end + kReach);
    Plane<float> guide(width, to - from);
    for (int y = from; y < to; ++y) {
      std::ranges::transform(root_luminance.RowSpan(y), guide.Row(y - from),
                             [](std::uint8_t code) { return static_cast<float>(code) / 255; });
    }
    const Plane<float> structure = FitGuideLines(guide.view(), guide.view(), kStructure).slope;
    for (int c = 0; c < channels; ++c) {
      const Plane<float> stops = Stops(RowsOf(before, from, to), c);
      const Plane<float> along =
          AlongGuide(FitGuideLines(stops.view(), guide.view(), kLines), guide.view());
      for (int y = first; y < end; ++y) {
        for (int x = 0; x < width; ++x) {
          const float is = stops.Row(y - from)[x];
          const float share = std::clamp(structure.Row(y - from)[x], 0.0F, 1.0F);
          const float wanted = is + share * (along.Row(y - from)[x] - is);
          gain.units.view().At(x, y, c) = static_cast<std::int16_t>(
              std::lrint(std::clamp(wanted, -kMaxFineStops, kMaxFineStops) * kFineUnitsPerStop));
        }
      }
    }
  }
  CountAnew(gain, root_luminance);
}

}  // namespace hdrp
