#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "gainmap/rendition_peak.h"

namespace hdrp {
namespace {

constexpr double kOneBinStops = 1.0 / 128;
/// Of white under a gain of three stops: (1 + 1/64) * 8 - 1/64.
const double kWhiteLifted = std::log2(8 + 7.0 / 64);

/// A map of this range whose codes are all `code`, but 255 in its first `lit` pixels.
EncodedGainMap MapOf(int width, int height, std::uint8_t code, int lit) {
  EncodedGainMap map{Plane<std::uint8_t>(width, height), {}};
  map.metadata.gain_map_max.fill(3);
  map.metadata.alternate_hdr_headroom = 3;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      map.codes.Row(y)[x] = y * width + x < lit ? std::uint8_t{255} : code;
    }
  }
  return map;
}

double PeakOf(const EncodedGainMap& map, std::array<float, 3> base) {
  const int width = map.codes.width(), height = map.codes.height();
  Plane<float> rows(width, height, 3);
  for (int y = 0; y < height; ++y) {
    for (int i = 0; i < 3 * width; ++i) rows.Row(y)[i] = base[static_cast<std::size_t>(i % 3)];
  }
  RenditionPeak peak(map, width, height);
  peak.Add(std::as_const(rows).view());
  return peak.Stops();
}

TEST(PixelsAbovePeakTest, Table) {
  EXPECT_EQ(PixelsAbovePeak(64), 0U);
  EXPECT_EQ(PixelsAbovePeak(4'000), 4U);
  EXPECT_EQ(PixelsAbovePeak(200'000), 16U);
  EXPECT_EQ(PixelsAbovePeak(1'600'000), 16U);
  EXPECT_EQ(PixelsAbovePeak(12'500'000), 125U);
}

TEST(RenditionPeakTest, OfWhiteIsTheHighestGain) {
  EXPECT_NEAR(PeakOf(MapOf(100, 100, 255, 0), {1, 1, 1}), kWhiteLifted, kOneBinStops);
}

TEST(RenditionPeakTest, OfADarkerPictureIsLower) {
  const double dark = 0.25;
  EXPECT_NEAR(PeakOf(MapOf(100, 100, 255, 0), {0.25F, 0.25F, 0.25F}),
              std::log2((dark + 1.0 / 64) * 8 - 1.0 / 64), kOneBinStops);
}

TEST(RenditionPeakTest, TheBrightestComponentCounts) {
  EXPECT_NEAR(PeakOf(MapOf(100, 100, 255, 0), {1, 0.1F, 0.1F}), kWhiteLifted, kOneBinStops);
}

/// 10,000 pixels: ten may be brighter.
TEST(RenditionPeakTest, AFewHotPixelsAreNoPeakButALampIs) {
  EXPECT_NEAR(PeakOf(MapOf(100, 100, 0, 10), {1, 1, 1}), 0, kOneBinStops);
  EXPECT_NEAR(PeakOf(MapOf(100, 100, 0, 11), {1, 1, 1}), kWhiteLifted, kOneBinStops);
}

TEST(RenditionPeakTest, AMapBelowTheBasesSizeIsEnlarged) {
  const EncodedGainMap map = MapOf(25, 25, 255, 0);
  Plane<float> white(100, 100, 3);
  for (int y = 0; y < 100; ++y) std::ranges::fill(white.view().RowSpan(y), 1.0F);
  RenditionPeak peak(map, 100, 100);
  for (int y = 0; y < 100; y += 50) {
    PlaneView<const float> band = std::as_const(white).view();
    band.data = std::as_const(white).Row(y);
    band.height = 50;
    peak.Add(band);
  }
  EXPECT_NEAR(peak.Stops(), kWhiteLifted, kOneBinStops);
}

}  // namespace
}  // namespace hdrp
