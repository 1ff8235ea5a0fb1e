// What must hold of any prediction, whatever the picture: repeatable, the same however the picture
// is turned, monotone, quiet in blacks, without halos, and an answer for every shape of picture.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "decode/gain_map_jpeg.h"
#include "decode/jpeg_pixels.h"
#include "gainmap/gain.h"
#include "picture_files.h"
#include "pipeline/json.h"
#include "predict/predict_gain.h"
#include "support/corpus.h"
#include "support/make_jpeg.h"
#include "support/scene.h"
#include "whole_flow.h"

namespace hdrp::test {
namespace {

/// The prediction as the viewer sees it: turned by the picture's EXIF orientation.
Plane<float> DisplayedPrediction(const Bytes& jpeg) {
  Request request = MakeRequest(jpeg);
  const Expected<EditJpeg> base = ReadEditJpeg(request.base, {});
  EXPECT_TRUE(base);
  if (!base) return {};
  const Expected<PredictedGain> predicted =
      PredictGain(*base, request.options.predict, {request.limits, request.parallelism});
  EXPECT_TRUE(predicted);
  if (!predicted) return {};
  return Oriented(predicted->gain.stops.view(), base->orientation());
}

/// The map that is in a file, in stops.
Plane<float> DeliveredGain(const Bytes& ultra_hdr) {
  const Expected<GainMapJpeg> parsed = ReadGainMapJpeg(ultra_hdr, {});
  EXPECT_TRUE(parsed && parsed->map);
  if (!parsed || !parsed->map) return {};
  Expected<DecodedJpeg> codes =
      DecodeJpeg(parsed->map->stream.In(ultra_hdr),
                 {.output = JpegOutput::kAsStored, .limits = {}, .stop = {}});
  EXPECT_TRUE(codes);
  if (!codes) return {};
  return DecodeGain({std::move(codes->pixels), parsed->map->metadata}).stops;
}

struct Distance {
  double mean = 0, largest = 0;
};

Distance Between(PlaneView<const float> a, PlaneView<const float> b) {
  EXPECT_EQ(a.width, b.width);
  EXPECT_EQ(a.height, b.height);
  if (a.width != b.width || a.height != b.height) return {HUGE_VAL, HUGE_VAL};
  Distance distance;
  for (int y = 0; y < a.height; ++y) {
    for (int x = 0; x < a.width; ++x) {
      const double d = std::abs(static_cast<double>(a.At(x, y)) - static_cast<double>(b.At(x, y)));
      distance.mean += d / a.width / a.height;
      distance.largest = std::max(distance.largest, d);
    }
  }
  return distance;
}

/// Grey columns of equal width, one for each level.
Plane<std::uint8_t> Wedge(const std::vector<int>& levels, int column, int height) {
  Plane<std::uint8_t> picture(static_cast<int>(levels.size()) * column, height, 3);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < picture.width(); ++x) {
      const int level = levels[static_cast<std::size_t>(x / column)];
      for (int c = 0; c < 3; ++c) picture.view().At(x, y, c) = static_cast<std::uint8_t>(level);
    }
  }
  return picture;
}

TEST(PredictPropertiesTest, TheSameBitsTwiceAndOnAnyNumberOfThreads) {
  Request request = MakeRequest(SdrJpeg(MakeScene(640, 480).sdr.view(), {}));
  for (const Guard guard : kGuards) request.options.predict.guards.Set(guard, 1);
  request.parallelism.threads = 1;
  const Result once = MustProcess(request);
  const Result again = MustProcess(request);
  request.parallelism.threads = 2;
  const Result two = MustProcess(request);
  ASSERT_FALSE(once.ultra_hdr.empty());
  EXPECT_EQ(once.ultra_hdr, again.ultra_hdr);
  EXPECT_EQ(once.ultra_hdr, two.ultra_hdr);
  EXPECT_EQ(MetaJson(once.report), MetaJson(again.report));
  EXPECT_EQ(MetaJson(once.report), MetaJson(two.report));
}

// Coded by blocks of 8 x 8 at quality 100, so that a turned picture has all but the same pixels.
TEST(PredictPropertiesTest, HoweverThePictureIsTurnedTheDisplayedGainIsTheSame) {
  const Scene scene = MakeScene(640, 480);
  const FixtureOptions straight{.quality = 100};
  const Plane<float> upright = DisplayedPrediction(SdrJpeg(scene.sdr.view(), straight));
  ASSERT_FALSE(upright.empty());
  for (unsigned value = 2; value <= 8; ++value) {
    SCOPED_TRACE(value);
    const Plane<float> turned = DisplayedPrediction(
        SdrJpeg(scene.sdr.view(), {.orientation = *OrientationFrom(value), .quality = 100}));
    const Distance distance = Between(upright.view(), turned.view());
    EXPECT_LE(distance.mean, 0.002);
    EXPECT_LE(distance.largest, 0.05);  // one code of luma is up to .024 stop
  }
}

TEST(PredictPropertiesTest, CorpusPicturesThatAreTurnedGetOneGain) {
  HDRP_NEEDS_CORPUS();
  const Plane<float> upright = DisplayedPrediction(ReadCorpus("sdr/orient_landscape_1.jpg"));
  ASSERT_FALSE(upright.empty());
  for (int value = 2; value <= 8; ++value) {
    SCOPED_TRACE(value);
    const Plane<float> turned =
        DisplayedPrediction(ReadCorpus("sdr/orient_landscape_" + std::to_string(value) + ".jpg"));
    // Each was coded anew and has its number written on it.
    EXPECT_LE(Between(upright.view(), turned.view()).mean, 0.01);
  }
}

// Without anything brighter than the rest there are no highlights: refused with a sentence.
TEST(PredictPropertiesTest, PlainPicturesAreRefusedOrLiftedAsAWhole) {
  for (const auto& [width, height] :
       {std::pair{1, 1}, std::pair{2, 1}, std::pair{7, 5}, std::pair{1, 64}, std::pair{160, 120}}) {
    for (const int channels : {1, 3}) {
      for (const int level : {0, 60, 128, 200, 255}) {
        SCOPED_TRACE(testing::Message() << width << " x " << height << " level " << level);
        Plane<std::uint8_t> picture(width, height, channels);
        for (int y = 0; y < height; ++y) {
          std::ranges::fill(picture.view().RowSpan(y), static_cast<std::uint8_t>(level));
        }
        for (const PredictStyle style :
             {PredictStyle::kPhone, PredictStyle::kHighlights, PredictStyle::kAcr}) {
          Request request = MakeRequest(MakeJpeg(picture.view()));
          request.options.predict.style = style;
          const Expected<Result> result = Process(request);
          if (result) {
            EXPECT_GT(level, 0);
            EXPECT_TRUE(result->report.verification.passed());
          } else {
            EXPECT_EQ(result.error().code, ErrorCode::kNoGainMap) << result.error().message;
            EXPECT_THAT(result.error().message, testing::HasSubstr("--style"));
          }
        }
      }
    }
  }
}

// One bright side: a map with a headroom, verified, however small the picture.
TEST(PredictPropertiesTest, SmallPicturesWithAHighlightAreDelivered) {
  for (const auto& [width, height] :
       {std::pair{2, 1}, std::pair{7, 5}, std::pair{1, 64}, std::pair{33, 17}}) {
    for (const int channels : {1, 3}) {
      SCOPED_TRACE(testing::Message() << width << " x " << height << " x " << channels);
      Plane<std::uint8_t> picture(width, height, channels);
      for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
          const bool bright = width > height ? x >= width / 2 : y >= height / 2;
          for (int c = 0; c < channels; ++c) picture.view().At(x, y, c) = bright ? 250 : 60;
        }
      }
      Request request = MakeRequest(MakeJpeg(picture.view()));
      EXPECT_TRUE(MustProcess(request).report.verification.passed());
      // A network knows nothing of pictures a few pixels wide; the formula knows what shines.
      request.options.predict.style = PredictStyle::kHighlights;
      const Result result = MustProcess(request);
      ASSERT_FALSE(result.ultra_hdr.empty());
      EXPECT_TRUE(result.report.verification.passed());
      EXPECT_GT(result.report.metadata.alternate_hdr_headroom, 0.5);
      const Plane<float> gain = DeliveredGain(result.ultra_hdr);
      EXPECT_GT(gain.view().At(gain.width() - 1, gain.height() - 1), gain.view().At(0, 0));
    }
  }
}

TEST(PredictPropertiesTest, SixteenBitsPredictWhatEightBitsDo) {
  const Scene scene = MakeScene(320, 240);
  const Plane<std::uint16_t> deep = CodesOf(scene.sdr.view(), 16);
  const PictureFile picture = {.codes = deep.view(), .bits = 16};
  const Result plain = MustProcess(MakeRequest(SdrJpeg(scene.sdr.view(), {.quality = 95})));
  const Plane<float> wanted = DeliveredGain(plain.ultra_hdr);
  for (const Bytes& file : {MakePng(picture), MakeTiff(picture)}) {
    const Result result = MustProcess(MakeRequest(file));
    ASSERT_FALSE(result.ultra_hdr.empty());
    EXPECT_LE(Between(wanted.view(), DeliveredGain(result.ultra_hdr).view()).mean, 0.01);
  }
}

TEST(PredictPropertiesTest, BrighterPatchesGetNoLessAndBlacksNothing) {
  std::vector<int> levels;
  for (int level = 0; level <= 255; level += 17) levels.push_back(level);
  constexpr int kColumn = 64;
  Request request = MakeRequest(MakeJpeg(Wedge(levels, kColumn, 512).view()));
  request.options.predict.style = PredictStyle::kHighlights;
  const Result result = MustProcess(request);
  ASSERT_FALSE(result.ultra_hdr.empty());
  const Plane<float> gain = DeliveredGain(result.ultra_hdr);
  const int column = gain.width() / static_cast<int>(levels.size());
  float last = 0;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const float stops =
        gain.view().At(static_cast<int>(i) * column + column / 2, gain.height() / 2);
    EXPECT_GE(stops, last - 0.01F) << levels[i];
    last = stops;
  }
  EXPECT_GT(last, 1.0F);
  for (int y = 0; y < gain.height(); ++y) {
    for (int x = 0; x < 2 * column; ++x) {  // levels 0 and 17
      EXPECT_LE(gain.view().At(x, y), 0.05F) << x;
    }
  }
}

TEST(PredictPropertiesTest, NoHaloBesideAnEdge) {
  for (const auto& [dark, bright] :
       {std::pair{20, 250}, std::pair{128, 230}, std::pair{200, 240}}) {
    for (const double smooth : {0.0, 1.0}) {
      SCOPED_TRACE(testing::Message() << dark << " beside " << bright << " smooth " << smooth);
      Request request = MakeRequest(MakeJpeg(Wedge({dark, bright, dark, dark}, 256, 512).view()));
      request.options.predict.style = PredictStyle::kHighlights;
      request.options.predict.guards.Set(Guard::kSmooth, smooth);
      const Result result = MustProcess(request);
      ASSERT_FALSE(result.ultra_hdr.empty());
      const Plane<float> gain = DeliveredGain(result.ultra_hdr);
      const int row = gain.height() / 2;
      const float low = gain.view().At(gain.width() - 8, row);
      const float high = gain.view().At(gain.width() * 3 / 8, row);
      EXPECT_GT(high, low);
      for (int x = 0; x < gain.width(); ++x) {
        EXPECT_GE(gain.view().At(x, row), low - 0.1F) << x;
        EXPECT_LE(gain.view().At(x, row), high + 0.1F) << x;
      }
    }
  }
}

}  // namespace
}  // namespace hdrp::test
