#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "align/changes/box.h"

namespace hdrp {
namespace {

struct Window {
  double sum = 0;
  int count = 0;
  std::uint8_t least = 255, most = 0;
};

template <typename T>
[[nodiscard]] Window At(const Plane<T>& plane, int x, int y, int reach) {
  Window window;
  for (int v = std::max(0, y - reach); v <= std::min(plane.height() - 1, y + reach); ++v) {
    for (int u = std::max(0, x - reach); u <= std::min(plane.width() - 1, x + reach); ++u) {
      window.sum += static_cast<double>(plane.Row(v)[u]);
      ++window.count;
      window.least = std::min(window.least, static_cast<std::uint8_t>(plane.Row(v)[u]));
      window.most = std::max(window.most, static_cast<std::uint8_t>(plane.Row(v)[u]));
    }
  }
  return window;
}

TEST(Box, IsTheDefinition) {
  std::mt19937 random(1);
  for (const auto& [width, height, reach] :
       {std::tuple{23, 17, 3}, {5, 40, 7}, {1, 1, 2}, {9, 2, 1}}) {
    Plane<std::uint8_t> codes(width, height);
    Plane<float> values(width, height);
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        codes.Row(y)[x] = static_cast<std::uint8_t>(random() % 256);
        values.Row(y)[x] = codes.Row(y)[x];
      }
    }
    const Plane<float> mean = BoxMean(values, reach);
    const Plane<std::uint8_t> least = BoxMin(codes, reach), most = BoxMax(codes, reach);
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        const Window window = At(codes, x, y, reach);
        ASSERT_NEAR(static_cast<double>(mean.Row(y)[x]), window.sum / window.count, 1e-4);
        ASSERT_EQ(least.Row(y)[x], window.least);
        ASSERT_EQ(most.Row(y)[x], window.most);
      }
    }
  }
}

}  // namespace
}  // namespace hdrp
