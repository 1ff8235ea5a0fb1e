// Photographs cropped, turned, reduced and toned: the light that comes out under --keep hdr, --keep
// gain, and of the HDR rendition as reference.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "color/transfer.h"
#include "decode/gain_map_jpeg.h"
#include "decode/jpeg_pixels.h"
#include "gainmap/gain.h"
#include "support/corpus.h"
#include "support/reframed.h"
#include "support/scene.h"
#include "whole_flow.h"

namespace hdrp::test {
namespace {

/// Half a stop brighter, clipped at white.
[[nodiscard]] Plane<std::uint8_t> Brighter(PlaneView<const std::uint8_t> sdr) {
  Plane<std::uint8_t> result(sdr.width, sdr.height, 3);
  for (int y = 0; y < sdr.height; ++y) {
    std::ranges::transform(sdr.RowSpan(y), result.Row(y), [](std::uint8_t code) {
      const double light = std::min(1.0, LinearFromSrgb(code / 255.0) * std::sqrt(2.0));
      return static_cast<std::uint8_t>(SrgbFromLinear(light) * 255 + 0.5);
    });
  }
  return result;
}

/// log2 of the light that came out over the original's, in its order; both counted where away from
/// edges and above the deepest shadows.
struct Change {
  double least, middle, most;  ///< 1st, 50th, 99th percentile
};
[[nodiscard]] Change ChangeOf(PlaneView<const float> original, PlaneView<const float> found) {
  const Plane<float> wanted = LuminanceOf(original), is = LuminanceOf(found);
  Plane<float> stops(wanted.width(), wanted.height());
  for (int y = 0; y < stops.height(); ++y) {
    std::ranges::transform(wanted.view().RowSpan(y), stops.Row(y),
                           [](float v) { return std::log2(std::max(v, 1e-3F)); });
  }
  const Plane<std::uint8_t> away = AwayFromEdges(stops.view(), 1);
  std::vector<double> changes;
  for (int y = 0; y < stops.height(); ++y) {
    for (int x = 0; x < stops.width(); ++x) {
      if (away.Row(y)[x] == 0 || wanted.Row(y)[x] < 0.05F) continue;
      changes.push_back(
          static_cast<double>(std::log2(std::max(is.Row(y)[x], 1e-3F)) - stops.Row(y)[x]));
    }
  }
  std::ranges::sort(changes);
  const auto at = [&](double share) {
    return changes[static_cast<std::size_t>(share * static_cast<double>(changes.size() - 1))];
  };
  return {at(0.01), at(0.5), at(0.99)};
}

class ReframedCorpus : public testing::TestWithParam<std::string> {};

TEST_P(ReframedCorpus, KeepsWhatWasAskedFor) {
  HDRP_NEEDS_CORPUS();
  const Bytes original = ReadCorpus("uhdr/" + GetParam());
  const Plane<float> light = Rendered(original);
  const auto decoded = DecodeJpeg(original, {.output = JpegOutput::kRgb, .limits = {}, .stop = {}});
  ASSERT_TRUE(decoded) << decoded.error().message;
  const double aspect = static_cast<double>(light.width()) / light.height();
  const Homography crop = CroppedAndTurned(0.6, 4, aspect);
  const int width = light.width() * 3 / 10, height = light.height() * 3 / 10;
  const Plane<float> wanted = Reframed(light.view(), crop, width, height);
  const Plane<std::uint8_t> cropped = Reframed(decoded->pixels.view(), crop, width, height);
  const Bytes edit = SdrJpeg(Brighter(cropped.view()).view(), {.quality = 95});
  const double highest = ReadGainMapJpeg(original, {})->map->metadata.gain_map_max[0];
  const auto judge = [&](const Bytes& reference, Options options) -> Change {
    options.fill = Fill::kNeutral;
    const Result result = MustProcess(MakeRequest(edit, reference, options));
    if (result.ultra_hdr.empty()) return {-9, -9, 9};
    EXPECT_TRUE(result.report.alignment);
    // No fringes: at edges that lie a fraction of a pixel apart a gain would be out by a stop or
    // two.
    EXPECT_LT(result.report.metadata.gain_map_max[0], highest + 0.3);
    const Change change = ChangeOf(wanted.view(), Rendered(result.ultra_hdr).view());
    return change;
  };
  const Change hdr = judge(original, {.keep = Keep::kHdr});
  EXPECT_NEAR(hdr.middle, 0, 0.05);
  EXPECT_GT(hdr.least, -0.15);
  EXPECT_LT(hdr.most, 0.15);
  const Change gain = judge(original, {.keep = Keep::kGain});
  EXPECT_GT(gain.most, 0.4);
  EXPECT_LT(gain.most, 0.65);
  const Change exr = judge(FloatFile(light.view(), FileFormat::kOpenExr), {});
  EXPECT_NEAR(exr.middle, 0, 0.05);
  EXPECT_GT(exr.least, -0.15);
  EXPECT_LT(exr.most, 0.15);
}

/// In the original's framing nothing but the tone differs, and nothing is taken for a change.
TEST(ReframedCorpusTones, AreNoChangesUnderAnHdrRendition) {
  HDRP_NEEDS_CORPUS();
  double sum = 0;
  int count = 0;
  for (const std::string name :
       {"uhdr/pixel_desert_palms.jpg", "phone/pixel9_so-arm100_UVC_cam_mount.jpg"}) {
    const Bytes original = ReadCorpus(name);
    const Plane<float> light = Rendered(original);
    const int width = light.width() / 4, height = light.height() / 4;
    const Plane<float> small = Resized(light.view(), width, height);
    const auto decoded =
        DecodeJpeg(original, {.output = JpegOutput::kRgb, .limits = {}, .stop = {}});
    ASSERT_TRUE(decoded) << decoded.error().message;
    const Plane<std::uint8_t> sdr = Reframed(decoded->pixels.view(), kSameFraming, width, height);
    const Bytes exr = FloatFile(small.view(), FileFormat::kOpenExr);
    for (const Bytes& edit : {SdrJpeg(sdr.view(), {.quality = 60}),
                              SdrJpeg(Brighter(sdr.view()).view(), {.quality = 92}),
                              SdrJpeg(Edited(sdr.view()).view(), {.quality = 92})}) {
      const Result result = MustProcess(MakeRequest(edit, exr));
      const double share = result.report.edited ? result.report.edited->share : 0;
      EXPECT_FALSE(result.report.alignment) << name;
      EXPECT_LE(share, 0.1) << name;
      sum += share;
      ++count;
    }
  }
  EXPECT_LE(sum / count, 0.02);
}

INSTANTIATE_TEST_SUITE_P(Photographs, ReframedCorpus, testing::Values("pixel_desert_palms.jpg"),
                         [](const auto& row) { return row.param.substr(0, row.param.size() - 4); });

}  // namespace
}  // namespace hdrp::test
