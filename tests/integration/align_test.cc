// Edits of another framing than their original: the gain lands where its light is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "align/homography.h"
#include "picture_files.h"
#include "support/reframed.h"
#include "support/scene.h"
#include "whole_flow.h"

namespace hdrp {
namespace {

using test::CroppedAndTurned;
using test::MakeScene;
using test::Reframed;
using test::Scene;

TEST(AlignTest, ACroppedAndTurnedEditGetsItsPartOfTheMap) {
  const Scene scene = MakeScene(1200, 900);
  const Bytes original = test::OriginalJpeg(scene, {});
  for (const auto& [scale, degrees, width] : {std::tuple{0.6, 5.0, 800},
                                              {0.8, -3.0, 1200},
                                              {0.5, 12.0, 400},
                                              {0.9, 0.0, 1080},
                                              // Small moves, which resemble changes of tone.
                                              {0.99, 0.0, 1188},
                                              {0.985, 0.0, 1200},
                                              {0.99, 0.2, 1188},
                                              {0.996, 0.0, 1196}}) {
    SCOPED_TRACE(testing::Message() << scale << " " << degrees << " " << width);
    const Homography truth = CroppedAndTurned(scale, degrees, 4.0 / 3);
    const Plane<std::uint8_t> sdr = Reframed(scene.sdr.view(), truth, width, width * 3 / 4);
    const Request request =
        test::MakeRequest(test::SdrJpeg(test::Edited(sdr.view()).view(), {}), original);
    const Expected<Result> result = Process(request);
    ASSERT_TRUE(result) << result.error().message;
    ASSERT_TRUE(result->report.alignment);
    double worst = 0;
    for (const Point corner : {Point{0, 0}, Point{1, 0}, Point{0, 1}, Point{1, 1}}) {
      const Point a = Apply(result->report.alignment->to_reference, corner),
                  b = Apply(truth, corner);
      worst = std::max(worst, std::hypot((a.x - b.x) * 300, (a.y - b.y) * 225));  // map pixels
    }
    EXPECT_LT(worst, 1.0);
  }
}

TEST(AlignTest, NoneRefusesWhatAutoFinds) {
  const Scene scene = MakeScene(1200, 900);
  const Plane<std::uint8_t> sdr =
      Reframed(scene.sdr.view(), CroppedAndTurned(0.6, 5, 4.0 / 3), 800, 600);
  Request request = test::MakeRequest(test::SdrJpeg(sdr.view(), {}), test::OriginalJpeg(scene, {}),
                                      {.framing = {.align = AlignMode::kNone}});
  EXPECT_EQ(test::MustFail(request).code, ErrorCode::kMismatch);
  request.options.framing.align = AlignMode::kRequire;
  EXPECT_TRUE(Process(request));
}

TEST(AlignTest, NoneRefusesSmallMoves) {
  const Scene scene = MakeScene(1200, 900);
  const Plane<std::uint8_t> sdr =
      Reframed(scene.sdr.view(), CroppedAndTurned(0.99, 0, 4.0 / 3), 1188, 891);
  Request request = test::MakeRequest(test::SdrJpeg(sdr.view(), {}), test::OriginalJpeg(scene, {}),
                                      {.framing = {.align = AlignMode::kNone}});
  EXPECT_EQ(test::MustFail(request).code, ErrorCode::kMismatch);
  request.options.framing.force_reference = true;
  const Result result = test::MustProcess(request);
  EXPECT_THAT(result.report.warnings, testing::Contains(testing::HasSubstr("was forced")));
}

TEST(AlignTest, AStretchOfAFewPerCentIsFollowedAndSaid) {
  const Scene scene = MakeScene(1200, 900);
  const Plane<std::uint8_t> sdr = Reframed(scene.sdr.view(), kSameFraming, 1200, 870);
  const Result result = test::MustProcess(
      test::MakeRequest(test::SdrJpeg(sdr.view(), {}), test::OriginalJpeg(scene, {})));
  EXPECT_THAT(result.report.warnings, testing::Contains(testing::HasSubstr("stretched by 3")));
}

TEST(AlignTest, AnotherPhotographIsNeverFound) {
  const Scene scene = MakeScene(1200, 900);
  for (unsigned seed = 2; seed < 5; ++seed) {
    const Scene other = MakeScene(1200, 900, seed);
    const Request request =
        test::MakeRequest(test::SdrJpeg(other.sdr.view(), {}), test::OriginalJpeg(scene, {}));
    EXPECT_EQ(test::MustFail(request).code, ErrorCode::kMismatch) << seed;
  }
}

}  // namespace
}  // namespace hdrp
