// How true the gain and the highlights stay when the edit is cropped, turned and resized: of
// gain-map originals (the gain goes along) and of HDR renditions (it is derived in the edit's
// framing).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "gainmap/gain.h"
#include "support/reframed.h"
#include "support/scene.h"
#include "whole_flow.h"

namespace hdrp::test {
namespace {

constexpr int kWidth = 1600;
constexpr int kHeight = 1200;

struct Reframing {
  std::string name;
  Homography to_original;
  int width, height;
};
void PrintTo(const Reframing& row, std::ostream* out) { *out << row.name; }

class AlignFidelity : public testing::TestWithParam<Reframing> {
 protected:
  static const Scene& Original() {
    static const Scene scene = MakeScene(kWidth, kHeight);
    return scene;
  }
};

/// Judges a result by what the original has in the edit's framing.
void Judge(const Result& result, const Scene& original, const Reframing& row) {
  const Plane<float> wanted =
      Reframed(original.gain_stops.view(), row.to_original, row.width, row.height);
  const Plane<float> found = Resized(GainOf(result.ultra_hdr).view(), row.width, row.height);
  const Plane<std::uint8_t> away = AwayFromEdges(wanted.view(), 0.25F);
  std::vector<double> errors;
  for (int y = 0; y < row.height; ++y) {
    for (int x = 0; x < row.width; ++x) {
      if (away.Row(y)[x] == 0) continue;
      errors.push_back(
          std::abs(static_cast<double>(wanted.Row(y)[x]) - static_cast<double>(found.Row(y)[x])));
    }
  }
  std::ranges::sort(errors);
  ASSERT_GT(errors.size(), static_cast<std::size_t>(row.width * row.height / 2));
  EXPECT_LE(P99(errors), 0.15);

  const Plane<float> light = Reframed(original.hdr.view(), row.to_original, row.width, row.height);
  const double peak = LuminancePercentile(light.view(), 0.999);
  EXPECT_NEAR(LuminancePercentile(Rendered(result.ultra_hdr).view(), 0.999) / peak, 1, 0.03);
  testing::Test::RecordProperty("p99_millistops", static_cast<int>(1000 * P99(errors)));
}

TEST_P(AlignFidelity, OfAGainMapOriginal) {
  const Reframing& row = GetParam();
  const Plane<std::uint8_t> edit =
      Reframed(Original().sdr.view(), row.to_original, row.width, row.height);
  const Result result =
      MustProcess(MakeRequest(SdrJpeg(edit.view(), {}), OriginalJpeg(Original(), {})));
  ASSERT_FALSE(result.ultra_hdr.empty());
  ASSERT_TRUE(result.report.alignment);
  Judge(result, Original(), row);
}

TEST_P(AlignFidelity, OfAnHdrRendition) {
  const Reframing& row = GetParam();
  const Plane<std::uint8_t> edit =
      Reframed(Original().sdr.view(), row.to_original, row.width, row.height);
  const Result result = MustProcess(MakeRequest(
      SdrJpeg(edit.view(), {}), FloatFile(Original().hdr.view(), FileFormat::kOpenExr)));
  ASSERT_FALSE(result.ultra_hdr.empty());
  ASSERT_TRUE(result.report.alignment);
  EXPECT_FALSE(result.report.derived->anchor_stops);
  EXPECT_FALSE(result.report.edited);
  Judge(result, Original(), row);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, AlignFidelity,
    testing::Values(Reframing{"turned_half", CroppedAndTurned(0.8, 5, 4.0 / 3), 800, 600},
                    Reframing{"turned_same_scale", CroppedAndTurned(0.8, -3, 4.0 / 3), 1280, 960},
                    Reframing{"turned_enlarged", CroppedAndTurned(0.7, 8, 4.0 / 3), 1600, 1200},
                    Reframing{"cropped_to_another_aspect", CroppedTo(0.3, 0.02, 0.95, 0.98), 1040,
                              1152},
                    Reframing{"resized_crop", CroppedTo(0.1, 0.05, 0.9, 0.85), 640, 480}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace hdrp::test
