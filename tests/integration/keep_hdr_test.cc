// --keep hdr: the HDR rendition stays the original's under an edit of another tone; --keep gain: it
// follows the edit.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "color/transfer.h"
#include "gainmap/gain.h"
#include "support/reframed.h"
#include "support/scene.h"
#include "whole_flow.h"

namespace hdrp::test {
namespace {

constexpr int kWidth = 1200;
constexpr int kHeight = 900;

const Scene& TestScene() {
  static const Scene scene = MakeScene(kWidth, kHeight);
  return scene;
}

/// Half a stop brighter, then a soft S.
[[nodiscard]] std::uint8_t TonedCode(std::uint8_t code) {
  const double light = std::min(1.0, LinearFromSrgb(code / 255.0) * std::sqrt(2.0));
  const double coded = SrgbFromLinear(light);
  const double curved = coded + 0.3 * (coded * coded * (3 - 2 * coded) - coded);
  return static_cast<std::uint8_t>(std::clamp(curved, 0.0, 1.0) * 255 + 0.5);
}
[[nodiscard]] Plane<std::uint8_t> Toned(PlaneView<const std::uint8_t> sdr) {
  Plane<std::uint8_t> result(sdr.width, sdr.height, 3);
  for (int y = 0; y < sdr.height; ++y) {
    std::ranges::transform(sdr.RowSpan(y), result.Row(y), TonedCode);
  }
  return result;
}

/// log2 of found over wanted light where both are bright enough to count.
[[nodiscard]] std::vector<double> Differences(PlaneView<const float> wanted,
                                              PlaneView<const float> found) {
  const Plane<float> w = LuminanceOf(wanted), f = LuminanceOf(found);
  std::vector<double> stops;
  for (int y = 0; y < wanted.height; ++y) {
    for (int x = 0; x < wanted.width; ++x) {
      if (w.Row(y)[x] > 0.02F)
        stops.push_back(std::log2(std::max(f.Row(y)[x], 1e-4F) / w.Row(y)[x]));
    }
  }
  std::ranges::sort(stops);
  return stops;
}
[[nodiscard]] double Median(const std::vector<double>& sorted) { return sorted[sorted.size() / 2]; }

[[nodiscard]] Options Keeping(Keep keep) {
  Options options = FineMap();
  options.keep = keep;
  return options;
}

TEST(KeepHdr, InTheSameFraming) {
  const Bytes original = OriginalJpeg(TestScene(), {});
  const Plane<float> light = Rendered(original);
  const Bytes edit = SdrJpeg(Toned(TestScene().sdr.view()).view(), {.quality = 95});
  const Result hdr = MustProcess(MakeRequest(edit, original, Keeping(Keep::kHdr)));
  const Result gain = MustProcess(MakeRequest(edit, original, Keeping(Keep::kGain)));
  ASSERT_FALSE(hdr.ultra_hdr.empty());
  ASSERT_FALSE(gain.ultra_hdr.empty());
  const std::vector<double> kept = ErrorsStops(light.view(), Rendered(hdr.ultra_hdr).view());
  EXPECT_LE(P99(kept), 0.15);
  const std::vector<double> followed = Differences(light.view(), Rendered(gain.ultra_hdr).view());
  EXPECT_GT(Median(followed), 0.3);
  EXPECT_FALSE(hdr.report.map_copied);
  EXPECT_FALSE(hdr.report.edited);
  EXPECT_EQ(hdr.report.mode, "reference");
  EXPECT_EQ(hdr.report.source, gain.report.source);
  EXPECT_THAT(hdr.report.map_steps,
              testing::Contains(testing::HasSubstr("derived from the reference's HDR rendition")));
  EXPECT_TRUE(gain.report.map_copied);
}

TEST(KeepHdr, InAnotherFraming) {
  const Bytes original = OriginalJpeg(TestScene(), {});
  const Homography crop = CroppedAndTurned(0.75, 3, 4.0 / 3);
  constexpr int kEditWidth = 900, kEditHeight = 675;
  const Plane<float> light = Reframed(Rendered(original).view(), crop, kEditWidth, kEditHeight);
  const Plane<std::uint8_t> sdr = Reframed(TestScene().sdr.view(), crop, kEditWidth, kEditHeight);
  const Bytes edit = SdrJpeg(Toned(sdr.view()).view(), {.quality = 95});
  const Result hdr = MustProcess(MakeRequest(edit, original, Keeping(Keep::kHdr)));
  const Result gain = MustProcess(MakeRequest(edit, original, Keeping(Keep::kGain)));
  ASSERT_FALSE(hdr.ultra_hdr.empty());
  ASSERT_TRUE(hdr.report.alignment);
  const std::vector<double> kept = ErrorsStops(light.view(), Rendered(hdr.ultra_hdr).view());
  EXPECT_LE(P99(kept), 0.15);
  const std::vector<double> followed = Differences(light.view(), Rendered(gain.ultra_hdr).view());
  EXPECT_GT(Median(followed), 0.3);
}

TEST(KeepHdr, TurnedOriginalsAndEdits) {
  const Scene small = MakeScene(640, 480);
  const Plane<float> light = Rendered(OriginalJpeg(small, {}));
  const Bytes original = OriginalJpeg(small, {.orientation = Orientation::kRightTop});
  const Bytes edit = SdrJpeg(Toned(small.sdr.view()).view(),
                             {.orientation = Orientation::kLeftBottom, .quality = 95});
  const Result result = MustProcess(MakeRequest(edit, original, Keeping(Keep::kHdr)));
  ASSERT_FALSE(result.ultra_hdr.empty());
  const Plane<float> shown = Oriented(Rendered(result.ultra_hdr).view(), Orientation::kLeftBottom);
  EXPECT_LE(P99(ErrorsStops(light.view(), shown.view())), 0.2);
}

/// An edit that is brighter than the original's HDR everywhere has nothing to gain.
TEST(KeepHdr, NothingIsLiftedAboveTheOriginal) {
  Scene flat = MakeScene(640, 480);
  for (int y = 0; y < 480; ++y) std::ranges::fill(flat.gain_stops.view().RowSpan(y), 0.3F);
  Plane<std::uint8_t> bright(640, 480, 3);
  for (int y = 0; y < 480; ++y) {
    std::ranges::transform(flat.sdr.view().RowSpan(y), bright.Row(y), [](std::uint8_t code) {
      return static_cast<std::uint8_t>(
          std::clamp(SrgbFromLinear(std::min(1.0, LinearFromSrgb(code / 255.0) * 1.6)), 0.0, 1.0) *
              255 +
          0.5);
    });
  }
  // Dark enough that nothing of it clips.
  const auto darker = [](Plane<std::uint8_t>& codes) {
    for (int y = 0; y < codes.height(); ++y) {
      for (std::uint8_t& code : codes.view().RowSpan(y))
        code = static_cast<std::uint8_t>(code * 3 / 5);
    }
  };
  darker(flat.sdr);
  const Bytes original = OriginalJpeg(flat, {});
  EXPECT_EQ(
      MustFail(MakeRequest(SdrJpeg(bright.view(), {.quality = 95}), original, Keeping(Keep::kHdr)))
          .code,
      ErrorCode::kNoGainMap);
}

}  // namespace
}  // namespace hdrp::test
