// Edits of another framing than their original: the gain lands where its light is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "align/homography.h"
#include "gainmap/gain.h"
#include "picture_files.h"
#include "support/scene.h"
#include "whole_flow.h"

namespace hdrp {
namespace {

using test::MakeScene;
using test::Scene;

/// What the edit shows of the scene: bilinear at its pixels' places.
template <typename T>
[[nodiscard]] Plane<T> Seen(const Plane<T>& picture, const Homography& to_picture, int width, int height) {
  Plane<T> result(width, height, picture.channels());
  const int channels = picture.channels();
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const Point p = Apply(to_picture, {(x + 0.5) / width, (y + 0.5) / height});
      const double u = std::clamp(p.x * picture.width() - 0.5, 0.0, picture.width() - 1.001);
      const double v = std::clamp(p.y * picture.height() - 0.5, 0.0, picture.height() - 1.001);
      const int i = static_cast<int>(u), j = static_cast<int>(v);
      for (int c = 0; c < channels; ++c) {
        const auto at = [&](int dx, int dy) {
          return static_cast<double>(picture.Row(j + dy)[(i + dx) * channels + c]);
        };
        const double top = at(0, 0) + (u - i) * (at(1, 0) - at(0, 0));
        const double bottom = at(0, 1) + (u - i) * (at(1, 1) - at(0, 1));
        result.Row(y)[x * channels + c] = static_cast<T>(top + (v - j) * (bottom - top));
      }
    }
  }
  return result;
}

[[nodiscard]] Homography Turned(double scale, double degrees, double aspect) {
  const double a = degrees * 3.14159265358979 / 180;
  const double c = scale * std::cos(a), s = scale * std::sin(a);
  // Turned in pixels, written in shares of the sides.
  Homography h = {c, -s / aspect, 0, s * aspect, c, 0, 0, 0, 1};
  h[2] = 0.5 - (h[0] + h[1]) / 2;
  h[5] = 0.5 - (h[3] + h[4]) / 2;
  return h;
}

TEST(AlignTest, ACroppedAndTurnedEditGetsItsPartOfTheMap) {
  const Scene scene = MakeScene(1200, 900);
  const Bytes original = test::OriginalJpeg(scene, {});
  for (const auto& [scale, degrees, width] : {std::tuple{0.6, 5.0, 800}, {0.8, -3.0, 1200}, {0.5, 12.0, 400}, {0.9, 0.0, 1080}}) {
    SCOPED_TRACE(testing::Message() << scale << " " << degrees << " " << width);
    const Homography truth = Turned(scale, degrees, 4.0 / 3);
    const Plane<std::uint8_t> sdr = Seen(scene.sdr, truth, width, width * 3 / 4);
    const Request request = test::MakeRequest(test::SdrJpeg(test::Edited(sdr.view()).view(), {}), original);
    const Expected<Result> result = Process(request);
    ASSERT_TRUE(result) << result.error().message;
    ASSERT_TRUE(result->report.alignment);
    double worst = 0;
    for (const Point corner : {Point{0, 0}, Point{1, 0}, Point{0, 1}, Point{1, 1}}) {
      const Point a = Apply(result->report.alignment->to_reference, corner), b = Apply(truth, corner);
      worst = std::max(worst, std::hypot((a.x - b.x) * 300, (a.y - b.y) * 225));  // map pixels
    }
    EXPECT_LT(worst, 1.0);
  }
}

TEST(AlignTest, NoneRefusesWhatAutoFinds) {
  const Scene scene = MakeScene(1200, 900);
  const Plane<std::uint8_t> sdr = Seen(scene.sdr, Turned(0.6, 5, 4.0 / 3), 800, 600);
  Request request = test::MakeRequest(test::SdrJpeg(sdr.view(), {}), test::OriginalJpeg(scene, {}), {.align = AlignMode::kNone});
  EXPECT_EQ(test::MustFail(request).code, ErrorCode::kMismatch);
  request.options.align = AlignMode::kRequire;
  EXPECT_TRUE(Process(request));
}

TEST(AlignTest, AnotherPhotographIsNeverFound) {
  const Scene scene = MakeScene(1200, 900);
  for (unsigned seed = 2; seed < 5; ++seed) {
    const Scene other = MakeScene(1200, 900, seed);
    const Request request = test::MakeRequest(test::SdrJpeg(other.sdr.view(), {}), test::OriginalJpeg(scene, {}));
    EXPECT_EQ(test::MustFail(request).code, ErrorCode::kMismatch) << seed;
  }
}

}  // namespace
}  // namespace hdrp
