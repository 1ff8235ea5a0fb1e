// What a derived map's numbers say: the headroom is the peak of the rendition that is delivered,
// and what the map loses, or where the rendition's mid-tones lie, is said.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "color/transfer.h"
#include "gainmap/rendition_peak.h"
#include "support/corpus.h"
#include "support/scene.h"
#include "whole_flow.h"

namespace hdrp::test {
namespace {

constexpr int kWidth = 800;
constexpr int kHeight = 600;

const Scene& TestScene() {
  static const Scene scene = MakeScene(kWidth, kHeight);
  return scene;
}

/// Of the brightest components, as rendition_peak.h has it.
double PeakStops(PlaneView<const float> rgb) {
  std::vector<float> light;
  for (int y = 0; y < rgb.height; ++y) {
    const auto row = rgb.RowSpan(y);
    for (std::size_t i = 0; i + 2 < row.size(); i += 3) {
      light.push_back(std::max({row[i], row[i + 1], row[i + 2]}));
    }
  }
  const auto rank = light.end() - 1 - static_cast<std::ptrdiff_t>(PixelsAbovePeak(light.size()));
  std::ranges::nth_element(light, rank);
  return static_cast<double>(std::log2(*rank));
}

std::uint8_t CodeOf(double linear) {
  return static_cast<std::uint8_t>(255 * std::clamp(SrgbFromLinear(linear), 0.0, 1.0) + 0.5);
}

using Codes = Plane<std::uint8_t>;

Codes AsItIs(PlaneView<const std::uint8_t> sdr) {
  Codes result(sdr.width, sdr.height, 3);
  for (int y = 0; y < sdr.height; ++y) {
    std::ranges::copy(sdr.RowSpan(y), result.view().RowSpan(y).begin());
  }
  return result;
}

/// Unsharp mask of twice the difference to the mean of 3 x 3 pixels.
Codes Sharpened(PlaneView<const std::uint8_t> sdr) {
  Codes result = AsItIs(sdr);
  for (int y = 1; y + 1 < sdr.height; ++y) {
    for (int x = 1; x + 1 < sdr.width; ++x) {
      for (int c = 0; c < 3; ++c) {
        int sum = 0;
        for (int dy = -1; dy <= 1; ++dy) {
          for (int dx = -1; dx <= 1; ++dx) sum += sdr.At(x + dx, y + dy, c);
        }
        const int code = sdr.At(x, y, c);
        result.view().At(x, y, c) =
            static_cast<std::uint8_t>(std::clamp(code + 2 * (code - sum / 9), 0, 255));
      }
    }
  }
  return result;
}

template <int kPercent>
Codes Darker(PlaneView<const std::uint8_t> sdr) {
  Codes result = AsItIs(sdr);
  for (int y = 0; y < sdr.height; ++y) {
    for (std::uint8_t& code : result.view().RowSpan(y)) {
      code = CodeOf(LinearFromSrgb(code / 255.0) * kPercent / 100);
    }
  }
  return result;
}

Codes ShiftedByAPixel(PlaneView<const std::uint8_t> sdr) {
  Codes result = AsItIs(sdr);
  for (int y = 1; y < sdr.height; ++y) {
    for (int i = 3; i < 3 * sdr.width; ++i) result.Row(y)[i] = sdr.Row(y - 1)[i - 3];
  }
  return result;
}

struct EditRow {
  const char* name;
  Codes (*make)(PlaneView<const std::uint8_t> sdr);
};
void PrintTo(const EditRow& row, std::ostream* out) { *out << row.name; }

class HeadroomOfEdits : public testing::TestWithParam<EditRow> {};

TEST_P(HeadroomOfEdits, IsTheRenditionsPeak) {
  const Bytes edit = SdrJpeg(GetParam().make(TestScene().sdr.view()).view(), {});
  const Result result =
      MustProcess(MakeRequest(edit, FloatFile(TestScene().hdr.view(), FileFormat::kOpenExr)));
  ASSERT_FALSE(result.ultra_hdr.empty());
  const double headroom = result.report.metadata.alternate_hdr_headroom;
  EXPECT_NEAR(headroom, PeakStops(TestScene().hdr.view()), 0.15);
  EXPECT_NEAR(headroom, PeakStops(Rendered(result.ultra_hdr).view()), 0.02);
}

TEST_P(HeadroomOfEdits, IsTheKeptRenditionsPeak) {
  const Bytes original = OriginalJpeg(TestScene(), {});
  const Bytes edit = SdrJpeg(GetParam().make(TestScene().sdr.view()).view(), {});
  Options options;
  options.keep = Keep::kHdr;
  const Result result = MustProcess(MakeRequest(edit, original, options));
  ASSERT_FALSE(result.ultra_hdr.empty());
  const double headroom = result.report.metadata.alternate_hdr_headroom;
  EXPECT_NEAR(headroom, PeakStops(Rendered(original).view()), 0.15);
  EXPECT_NEAR(headroom, PeakStops(Rendered(result.ultra_hdr).view()), 0.02);
}

INSTANTIATE_TEST_SUITE_P(Edits, HeadroomOfEdits,
                         testing::Values(EditRow{"as_it_is", AsItIs},
                                         EditRow{"sharpened", Sharpened},
                                         EditRow{"half_as_bright", Darker<50>},
                                         EditRow{"a_quarter_as_bright", Darker<25>},
                                         EditRow{"shifted", ShiftedByAPixel}),
                         [](const auto& row) { return row.param.name; });

TEST(HeadroomOfDerivedMaps, FollowsStrengthAndIsSetByBoost) {
  const Bytes edit = SdrJpeg(Darker<50>(TestScene().sdr.view()).view(), {});
  const Bytes exr = FloatFile(TestScene().hdr.view(), FileFormat::kOpenExr);
  Options options;
  options.strength = 0.5;
  const Result half = MustProcess(MakeRequest(edit, exr, options));
  ASSERT_FALSE(half.ultra_hdr.empty());
  EXPECT_NEAR(half.report.metadata.alternate_hdr_headroom,
              PeakStops(Rendered(half.ultra_hdr).view()), 0.02);
  options.strength = 1;
  options.boost_stops = 2;
  const Result boosted = MustProcess(MakeRequest(edit, exr, options));
  EXPECT_EQ(boosted.report.metadata.alternate_hdr_headroom, 2);
}

TEST(HeadroomOfDerivedMaps, ARenditionThatNowhereExceedsWhiteHasNone) {
  const Bytes edit = SdrJpeg(Darker<25>(TestScene().sdr.view()).view(), {});
  Plane<float> dim = Scaled(TestScene().hdr.view(), 1);
  for (int y = 0; y < dim.height(); ++y) {
    for (float& light : dim.view().RowSpan(y)) light = std::min(light, 0.5F);
  }
  const Error error = MustFail(MakeRequest(edit, FloatFile(dim.view(), FileFormat::kOpenExr)));
  EXPECT_EQ(error.code, ErrorCode::kNoGainMap);
  EXPECT_THAT(error.message, testing::HasSubstr("--hdr-exposure"));
}

struct ExposureRow {
  float stops;
  const char* warning;  ///< nullptr: none
};

/// The edit is the rendition's own SDR picture, and mid-tones agree but for what is added here.
TEST(MidTones, AreMentionedWhereTheyAreOff) {
  const Bytes edit = SdrJpeg(TestScene().sdr.view(), {});
  for (const ExposureRow& row :
       {ExposureRow{-2, "darker"}, ExposureRow{-1, "darker"}, ExposureRow{-0.5F, nullptr},
        ExposureRow{0, nullptr}, ExposureRow{0.7F, nullptr}, ExposureRow{1.5F, "brighter"}}) {
    SCOPED_TRACE(row.stops);
    const Plane<float> light = Scaled(TestScene().hdr.view(), std::exp2(row.stops));
    const Result result =
        MustProcess(MakeRequest(edit, FloatFile(light.view(), FileFormat::kOpenExr)));
    ASSERT_FALSE(result.ultra_hdr.empty());
    if (row.warning == nullptr) {
      EXPECT_THAT(result.report.warnings,
                  testing::Not(testing::Contains(testing::HasSubstr("mid-tones"))));
    } else {
      EXPECT_THAT(result.report.warnings,
                  testing::Contains(testing::AllOf(testing::HasSubstr(row.warning),
                                                   testing::HasSubstr("--hdr-exposure"))));
    }
  }
}

[[nodiscard]] bool SaysLoss(const Result& result) {
  return std::ranges::any_of(result.report.warnings, [](const std::string& warning) {
    return warning.find("loses") != std::string::npos;
  });
}

/// Noise of several stops: no map of a quarter of the base's bytes can hold it.
TEST(DerivedMaps, SayWhatTheyLose) {
  Plane<float> noisy = Scaled(TestScene().hdr.view(), 1);
  std::uint32_t random = 1;
  for (int y = 0; y < noisy.height(); ++y) {
    for (int x = 0; x < noisy.width(); ++x) {
      random = random * 1664525U + 1013904223U;
      const float factor = std::exp2(6 * (static_cast<float>(random >> 16) / 65536 - 0.5F));
      for (int c = 0; c < 3; ++c) noisy.view().At(x, y, c) *= factor;
    }
  }
  const Bytes edit = SdrJpeg(TestScene().sdr.view(), {});
  Options options;
  options.framing.align = AlignMode::kNone;
  options.framing.force_reference = true;
  const Result lossy =
      MustProcess(MakeRequest(edit, FloatFile(noisy.view(), FileFormat::kOpenExr), options));
  EXPECT_TRUE(SaysLoss(lossy));
  const Result fine =
      MustProcess(MakeRequest(edit, FloatFile(TestScene().hdr.view(), FileFormat::kOpenExr)));
  EXPECT_FALSE(SaysLoss(fine));
  EXPECT_LE(fine.report.derived->fidelity.p99_stops, 0.3);
}

TEST(Cases, HeadroomAbovePeak) {
  HDRP_NEEDS_CORPUS();
  const Bytes render = ReadCorpus("cases/headroom_above_peak/render.exr");
  for (const char* name : {"plain.jpg", "sharpened.jpg"}) {
    SCOPED_TRACE(name);
    const Result result = MustProcess(
        MakeRequest(ReadCorpus(std::string("cases/headroom_above_peak/") + name), render));
    EXPECT_GE(result.report.metadata.alternate_hdr_headroom, 3.0);
    EXPECT_LE(result.report.metadata.alternate_hdr_headroom, 3.2);
  }
}

TEST(Cases, DerivedLosesSilently) {
  HDRP_NEEDS_CORPUS();
  const Result result =
      MustProcess(MakeRequest(ReadCorpus("cases/derived_loses_silently/oexr_BrightRings.jpg"),
                              ReadCorpus("cases/derived_loses_silently/oexr_BrightRings.exr")));
  ASSERT_TRUE(result.report.derived);
  EXPECT_GT(result.report.derived->fidelity.p99_stops, 0.3);
  EXPECT_TRUE(SaysLoss(result));
}

TEST(Cases, MidTonesOffSilently) {
  HDRP_NEEDS_CORPUS();
  const Result result =
      MustProcess(MakeRequest(ReadCorpus("cases/midtones_off_silently/edit.jpg"),
                              ReadCorpus("cases/midtones_off_silently/two_stops_under.exr")));
  EXPECT_THAT(result.report.warnings, testing::Contains(testing::HasSubstr("--hdr-exposure")));
}

}  // namespace
}  // namespace hdrp::test
