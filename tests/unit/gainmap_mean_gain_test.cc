#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "gainmap/mean_gain.h"

namespace hdrp {
namespace {

Log2Gain Gain(const std::vector<float>& samples, int channels) {
  const int width = static_cast<int>(samples.size()) / channels / 2;
  Log2Gain gain{Plane<float>(width, 2, channels)};
  auto next = samples.begin();
  for (int y = 0; y < 2; ++y) {
    for (float& sample : gain.stops.view().RowSpan(y)) sample = *next++;
  }
  return gain;
}

TEST(LimitMeanGainTest, ScalesByOneFactorOnlyAboveTheLimit) {
  struct Row {
    std::string name;
    std::vector<float> samples;
    int channels;
    double factor;
  };
  const Row rows[] = {
      {"a photo stays", {0, 0, 0.5F, 2}, 1, 1},
      {"exactly at the limit", {1.2F, 1.2F, 1, 1.4F}, 1, 1},
      {"a white page", {2, 2, 2, 2}, 1, 0.6},
      {"a page with text", {0, 2, 2, 2}, 1, 0.8},
      {"three channels", {3, 2, 1, 3, 2, 1, 3, 2, 1, 3, 2, 1}, 3, 0.6},
      {"darkening stays", {-3, -3, 1, 1}, 1, 1},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const Log2Gain limited = LimitMeanGain(Gain(row.samples, row.channels), 1.2);
    const Log2Gain original = Gain(row.samples, row.channels);
    for (int y = 0; y < 2; ++y) {
      const auto before = original.stops.view().RowSpan(y);
      const auto after = limited.stops.view().RowSpan(y);
      for (std::size_t i = 0; i < before.size(); ++i) {
        EXPECT_NEAR(after[i], row.factor * static_cast<double>(before[i]), 1e-6);
      }
      EXPECT_EQ(row.factor == 1, std::ranges::equal(before, after));
    }
  }
}

}  // namespace
}  // namespace hdrp
