// ISO maps for readers of Apple's legacy curve: code tables there and back, the fitted gamma
// against the table it was first measured in, and what both kinds of reader see in shared codes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "metadata/legacy_map.h"

namespace hdrp {
namespace {

constexpr std::array kTransfers = {AppleTransfer::kGamma22, AppleTransfer::kSrgb,
                                   AppleTransfer::kRec709};
constexpr std::array kHeadrooms = {1.5, 2.0, 3.482202, 4.6635, 6.415851, 8.0, 11.3, 16.0};

/// A map with all 256 codes, `repeats` times each.
EncodedGainMap Ramp(const GainMapMetadata& metadata, int repeats = 1) {
  EncodedGainMap map{Plane<std::uint8_t>(256, repeats), metadata};
  for (int y = 0; y < repeats; ++y) {
    for (int x = 0; x < 256; ++x) map.codes.view().At(x, y) = static_cast<std::uint8_t>(x);
  }
  return map;
}

GainMapMetadata Numbers(double min_stops, double max_stops, double gamma, double headroom_stops) {
  GainMapMetadata metadata;
  metadata.gain_map_min.fill(min_stops);
  metadata.gain_map_max.fill(max_stops);
  metadata.gamma.fill(gamma);
  metadata.alternate_hdr_headroom = headroom_stops;
  return metadata;
}

double LegacyStops(int code, double headroom_linear, AppleTransfer transfer) {
  return LegacyGainStops(static_cast<double>(code) / 255, headroom_linear, transfer);
}

TEST(LegacyCodesFrom, TakesTheNearestLegacyCode) {
  for (const AppleTransfer transfer : kTransfers) {
    for (const double headroom : kHeadrooms) {
      const GainMapMetadata metadata = MetadataFromApple(headroom);
      const auto legacy = LegacyCodesFrom(metadata, transfer);
      const auto gains = StopsOfCodes(metadata, 0);
      for (std::size_t code = 0; code < 256; ++code) {
        // The gain lies between those of the samples half a code below and above.
        const double v = static_cast<double>(legacy[code]) / 255;
        const double low = std::max(v - 0.5 / 255, 0.0);
        const double high = std::min(v + 0.5 / 255, 1.0);
        const auto gain = static_cast<double>(gains[code]);
        ASSERT_GE(gain, LegacyGainStops(low, headroom, transfer) - 1e-5) << headroom << " " << code;
        ASSERT_LE(gain, LegacyGainStops(high, headroom, transfer) + 1e-5)
            << headroom << " " << code;
      }
    }
  }
}

TEST(LegacyCodesFrom, ComesBackFromIso) {
  for (const AppleTransfer transfer : kTransfers) {
    for (const double headroom : kHeadrooms) {
      const auto iso = IsoCodesFromLegacy(headroom, transfer);
      const auto legacy = LegacyCodesFrom(MetadataFromApple(headroom), transfer);
      const double half_iso_code_stops = std::log2(headroom) / 510;
      EXPECT_EQ(legacy[iso[0]], 0);
      EXPECT_EQ(legacy[iso[255]], 255);
      for (int code = 0; code < 256; ++code) {
        const int back = legacy[iso[static_cast<std::size_t>(code)]];
        const double before = LegacyStops(code, headroom, transfer);
        // What both roundings cost, each at most half a code, and nothing more. Where the curve is
        // flat, many legacy codes are one ISO code, so the codes themselves may move further.
        const int toward = std::clamp(back < code ? back + 1 : back - 1, 0, 255);
        const double step = std::abs(LegacyStops(back, headroom, transfer) -
                                     LegacyStops(toward, headroom, transfer));
        ASSERT_NEAR(LegacyStops(back, headroom, transfer), before,
                    half_iso_code_stops + step + 1e-5)
            << "headroom " << headroom << " code " << code << " back " << back;
        ASSERT_LE(
            std::abs(iso[static_cast<std::size_t>(back)] - iso[static_cast<std::size_t>(code)]), 1);
      }
    }
  }
}

TEST(LegacyCodesFrom, BrightCodesComeBackWithinOne) {
  for (const AppleTransfer transfer : kTransfers) {
    for (const double headroom : {3.482202, 4.6635, 8.0}) {
      const auto iso = IsoCodesFromLegacy(headroom, transfer);
      const auto legacy = LegacyCodesFrom(MetadataFromApple(headroom), transfer);
      for (std::size_t code = 64; code < 256; ++code) {
        ASSERT_LE(std::abs(legacy[iso[code]] - static_cast<int>(code)), 1)
            << "headroom " << headroom << " code " << code;
      }
    }
  }
}

TEST(LegacyCodesFrom, ClampsGainsOutsideTheHeadroom) {
  const auto legacy = LegacyCodesFrom(Numbers(-1, 4, 1, 2), AppleTransfer::kSrgb);
  for (std::size_t code = 0; code < 256; ++code) {
    const double gain = -1 + 5 * static_cast<double>(code) / 255;
    if (gain <= 0) {
      EXPECT_EQ(legacy[code], 0) << code;
    }
    if (gain >= 2) {
      EXPECT_EQ(legacy[code], 255) << code;
    }
  }
  EXPECT_TRUE(std::ranges::is_sorted(legacy));
}

TEST(LegacyCodesFrom, NothingWithoutAUsableHeadroom) {
  for (const double stops : {0.0, -1.0, 1e9, std::nan("")}) {
    const auto legacy = LegacyCodesFrom(Numbers(0, 2, 1, stops), AppleTransfer::kGamma22);
    EXPECT_EQ(std::ranges::count(legacy, 0), 256) << stops;
  }
  const auto legacy = LegacyCodesFrom(Numbers(0, std::nan(""), 1, 2), AppleTransfer::kGamma22);
  EXPECT_EQ(std::ranges::count(legacy, 0), 256) << "no number";
}

struct FitCase {
  AppleTransfer transfer;
  double headroom_stops, gamma, max_error_stops;
};

TEST(FitLegacyGamma, ReproducesTheMeasuredTable) {
  using enum AppleTransfer;
  // Minimax fits made independently of this code, three digits.
  constexpr std::array<FitCase, 21> kTable = {{
      {kRec709, 1.0, 0.639, 0.009},   {kRec709, 1.5, 0.711, 0.022},  {kRec709, 1.8, 0.756, 0.033},
      {kRec709, 2.0, 0.788, 0.040},   {kRec709, 2.22, 0.823, 0.050}, {kRec709, 2.5, 0.870, 0.062},
      {kRec709, 3.0, 0.958, 0.086},   {kSrgb, 1.0, 0.555, 0.013},    {kSrgb, 1.5, 0.615, 0.030},
      {kSrgb, 1.8, 0.652, 0.043},     {kSrgb, 2.0, 0.677, 0.054},    {kSrgb, 2.22, 0.706, 0.065},
      {kSrgb, 2.5, 0.744, 0.082},     {kSrgb, 3.0, 0.814, 0.114},    {kGamma22, 1.0, 0.560, 0.018},
      {kGamma22, 1.5, 0.617, 0.039},  {kGamma22, 1.8, 0.653, 0.055}, {kGamma22, 2.0, 0.677, 0.067},
      {kGamma22, 2.22, 0.705, 0.082}, {kGamma22, 2.5, 0.740, 0.102}, {kGamma22, 3.0, 0.806, 0.142},
  }};
  for (const FitCase& row : kTable) {
    const LegacyFit fit = FitLegacyGamma(row.headroom_stops, row.transfer);
    const int transfer = static_cast<int>(row.transfer);
    EXPECT_NEAR(fit.gamma, row.gamma, 0.002) << transfer << " at " << row.headroom_stops;
    EXPECT_NEAR(fit.max_error_stops, row.max_error_stops, 0.002)
        << transfer << " at " << row.headroom_stops;
  }
}

TEST(FitLegacyGamma, NoNearbyGammaIsBetter) {
  for (const AppleTransfer transfer : kTransfers) {
    for (const double stops : {0.01, 0.5, 2.22, 4.0, 12.0, 64.0}) {
      const LegacyFit fit = FitLegacyGamma(stops, transfer);
      for (const double factor : {0.99, 0.999, 1.001, 1.01}) {
        const EncodedGainMap map = Ramp(Numbers(0, stops, fit.gamma * factor, stops));
        EXPECT_GT(LegacyReadingError(map, std::exp2(stops), transfer), fit.max_error_stops)
            << stops << " stops, gamma " << fit.gamma << " * " << factor;
      }
    }
  }
}

TEST(FitLegacyGamma, LinearWithoutAUsableHeadroom) {
  for (const double stops : {0.0, -1.0, 1e9, std::nan("")}) {
    const LegacyFit fit = FitLegacyGamma(stops, AppleTransfer::kSrgb);
    EXPECT_EQ(fit.gamma, 1) << stops;
    EXPECT_EQ(fit.max_error_stops, 0) << stops;
  }
}

TEST(CodedForBothReadings, LegacyReadersAreOffByTheFitAtMost) {
  for (const AppleTransfer transfer : kTransfers) {
    for (const double headroom : kHeadrooms) {
      const double stops = std::log2(headroom);
      const auto coded = CodedForBothReadings(Ramp(Numbers(0, stops, 1, stops)), transfer);
      ASSERT_TRUE(coded);
      EXPECT_LE(LegacyReadingError(*coded, headroom, transfer),
                FitLegacyGamma(stops, transfer).max_error_stops + 1e-5)
          << headroom;
    }
  }
}

TEST(CodedForBothReadings, IsoReadersFindTheSameGains) {
  for (const AppleTransfer transfer : kTransfers) {
    for (const double stops : {1.0, 2.22, 3.0}) {
      const EncodedGainMap map = Ramp(Numbers(0.1, 0.9 * stops, 1.3, stops));
      const auto coded = CodedForBothReadings(map, transfer);
      ASSERT_TRUE(coded);
      const Log2Gain before = DecodeGain(map);
      for (int x = 0; x < 256; ++x) {
        const double share = static_cast<double>(before.stops.view().At(x, 0)) / stops;
        // Half a code, where codes are equal steps.
        EXPECT_NEAR(coded->codes.view().At(x, 0), 255 * std::pow(share, coded->metadata.gamma[0]),
                    0.5 + 1e-3);
      }
    }
  }
}

TEST(CodedForBothReadings, SaysWhatTheCodesMeanAndKeepsTheRest) {
  GainMapMetadata metadata = Numbers(0, 1.8, 0.7, 2);
  metadata.base_offset.fill(0.25);
  metadata.alternate_offset.fill(0.125);
  metadata.use_base_color_space = false;
  metadata.fractions = FractionsOf(metadata);
  const auto coded = CodedForBothReadings(Ramp(metadata), AppleTransfer::kSrgb);
  ASSERT_TRUE(coded);
  const double gamma = FitLegacyGamma(2, AppleTransfer::kSrgb).gamma;
  EXPECT_EQ(coded->metadata.gain_map_min, (std::array<double, 3>{0, 0, 0}));
  EXPECT_EQ(coded->metadata.gain_map_max, (std::array<double, 3>{2, 2, 2}));
  EXPECT_EQ(coded->metadata.gamma, (std::array<double, 3>{gamma, gamma, gamma}));
  EXPECT_EQ(coded->metadata.base_offset, metadata.base_offset);
  EXPECT_EQ(coded->metadata.alternate_offset, metadata.alternate_offset);
  EXPECT_EQ(coded->metadata.base_hdr_headroom, 0);
  EXPECT_EQ(coded->metadata.alternate_hdr_headroom, 2);
  EXPECT_FALSE(coded->metadata.use_base_color_space);
  EXPECT_FALSE(coded->metadata.fractions);
  EXPECT_TRUE(BrokenRules(coded->metadata, MetadataUse::kWrite).empty());
}

TEST(CodedForBothReadings, CodedAgainNothingChanges) {
  const auto once = CodedForBothReadings(Ramp(Numbers(0, 3, 1, 3)), AppleTransfer::kGamma22);
  ASSERT_TRUE(once);
  const auto twice = CodedForBothReadings(*once, AppleTransfer::kGamma22);
  ASSERT_TRUE(twice);
  EXPECT_TRUE(std::ranges::equal(once->codes.view().RowSpan(0), twice->codes.view().RowSpan(0)));
}

/// A map of code 200 (inside 0..H) with `pixels` of 100,000 at `code`.
EncodedGainMap WithStray(const GainMapMetadata& metadata, int pixels, std::uint8_t code) {
  EncodedGainMap map{Plane<std::uint8_t>(1000, 100), metadata};
  for (int y = 0; y < 100; ++y) std::ranges::fill(map.codes.view().RowSpan(y), 200);
  for (int x = 0; x < pixels; ++x) map.codes.view().At(x, 0) = code;
  return map;
}

TEST(CodedForBothReadings, RefusesGainsOutsideTheRangeBeyondATenThousandth) {
  const GainMapMetadata low = Numbers(-1, 2, 1, 2);  // code 0 is -1 stop
  EXPECT_TRUE(CodedForBothReadings(WithStray(low, 10, 0), AppleTransfer::kSrgb));
  EXPECT_FALSE(CodedForBothReadings(WithStray(low, 11, 0), AppleTransfer::kSrgb));
  const GainMapMetadata high = Numbers(0, 2.4, 1, 2);  // code 255 is 2.4 stops, code 200 1.88
  const auto clipped = CodedForBothReadings(WithStray(high, 10, 255), AppleTransfer::kSrgb);
  ASSERT_TRUE(clipped);
  EXPECT_EQ(clipped->codes.view().At(0, 0), 255);
  EXPECT_FALSE(CodedForBothReadings(WithStray(high, 11, 255), AppleTransfer::kSrgb));
}

TEST(CodedForBothReadings, CountsAllGainsOutsideTheRangeTogether) {
  // Each of the 12 codes is rare, but together they have more than a ten-thousandth of the pixels.
  EncodedGainMap map = WithStray(Numbers(-1, 2, 1, 2), 0, 0);
  for (int x = 0; x < 12; ++x) map.codes.view().At(x, 0) = static_cast<std::uint8_t>(x);
  EXPECT_FALSE(CodedForBothReadings(map, AppleTransfer::kSrgb));
}

TEST(CodedForBothReadings, HalfACodeOutsideIsInside) {
  const double half_code_stops = 2.0 / 510;
  const auto coded_with = [](double min_stops, double max_stops) {
    return CodedForBothReadings(Ramp(Numbers(min_stops, max_stops, 1, 2)), AppleTransfer::kSrgb)
        .has_value();
  };
  EXPECT_TRUE(coded_with(-0.99 * half_code_stops, 2 + 0.99 * half_code_stops));
  EXPECT_FALSE(coded_with(-1.01 * half_code_stops, 2));
  EXPECT_FALSE(coded_with(0, 2 + 1.01 * half_code_stops));
}

TEST(CodedForBothReadings, RefusesWhatHasNoLegacyForm) {
  EncodedGainMap colour{Plane<std::uint8_t>(4, 4, 3), Numbers(0, 2, 1, 2)};
  EXPECT_FALSE(CodedForBothReadings(colour, AppleTransfer::kSrgb));
  EXPECT_FALSE(CodedForBothReadings({{}, Numbers(0, 2, 1, 2)}, AppleTransfer::kSrgb));
  for (const double stops : {0.0, -2.0, 1e9, std::nan("")}) {
    EXPECT_FALSE(CodedForBothReadings(Ramp(Numbers(0, 2, 1, stops)), AppleTransfer::kSrgb));
  }
  EXPECT_FALSE(CodedForBothReadings(Ramp(Numbers(0, std::nan(""), 1, 2)), AppleTransfer::kSrgb));
}

TEST(LegacyReadingError, IsWhatClaimingGammaOneCosts) {
  // Largest errors of legacy samples read as gamma 1, measured independently.
  constexpr std::array kSamples = {3.482202, 4.6635, 8.0};
  constexpr std::array<std::array<double, 3>, 3> kExpected = {
      {{0.312, 0.334, 0.338}, {0.310, 0.326, 0.311}, {0.208, 0.196, 0.127}}};
  for (std::size_t t = 0; t < kTransfers.size(); ++t) {
    for (std::size_t i = 0; i < kSamples.size(); ++i) {
      const EncodedGainMap map = Ramp(MetadataFromApple(kSamples[i]));
      EXPECT_NEAR(LegacyReadingError(map, kSamples[i], kTransfers[t]), kExpected[t][i], 0.001);
    }
  }
}

TEST(LegacyReadingError, RareCodesDoNotCount) {
  // Code 0 is wrong by a stop, code 200 by what the formula says.
  GainMapMetadata metadata = Numbers(-1, 2, 1, 2);
  const double at_200 =
      std::abs(LegacyStops(200, 4, AppleTransfer::kSrgb) - (-1 + 3 * 200.0 / 255));
  EXPECT_NEAR(LegacyReadingError(WithStray(metadata, 9, 0), 4, AppleTransfer::kSrgb), at_200, 1e-6);
  EXPECT_NEAR(LegacyReadingError(WithStray(metadata, 10, 0), 4, AppleTransfer::kSrgb), 1, 1e-6);
}

}  // namespace
}  // namespace hdrp
